package io.redmesh.registry.chaos.history;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.redmesh.core.registry.Cursor;
import io.redmesh.registry.chaos.history.Observation.Change;
import io.redmesh.registry.chaos.history.Observation.Delta;
import io.redmesh.registry.chaos.history.Observation.Snapshot;
import io.redmesh.registry.chaos.history.Replay.Step;
import org.jspecify.annotations.Nullable;

/** Rule (c). */
final class NobodyComesBack {

	private final History history;

	private final Timeline timeline;

	private final Findings findings;

	NobodyComesBack(History history, Timeline timeline, Findings findings) {
		this.history = history;
		this.timeline = timeline;
		this.findings = findings;
	}

	void check() {
		for (WatcherHistory watcher : this.history.watchers()) {
			Map<String, Past> past = new HashMap<>();
			Replay.of(watcher, (step, replay) -> {
				if (!step.continues()) {
					past.clear();
				}
				for (InstanceView told : told(step.observation())) {
					stayedAway(watcher, told, past.get(told.name()), step.observation());
					leftForGood(watcher, told, step.observation());
					InstanceView before = step.before().get(told.name());
					if (step.continues() && before != null && before.fence() < told.fence()) {
						past.put(told.name(), new Past(before.fence(), step.observation()));
					}
				}
				if (step.continues() && replay.isComplete()) {
					step.gone(replay)
						.forEach((gone) -> past.put(gone.name(), new Past(gone.fence(), step.observation())));
				}
			});
		}
	}

	private static Collection<InstanceView> told(Observation observation) {
		if (observation.news() instanceof Snapshot snapshot) {
			return snapshot.instances();
		}
		return (observation.news() instanceof Delta delta)
				? delta.changes().stream().map(Change::instance).filter((instance) -> instance != null).toList()
				: List.of();
	}

	private void stayedAway(WatcherHistory watcher, InstanceView told, @Nullable Past past, Observation now) {
		if (past != null && told.fence() <= past.fence) {
			this.findings.add(Violation.Rule.CAME_BACK, told.name() + told.fence(), now.at(),
					"%s was told that %s with fence %d had gone, and then of %s in the same epoch"
						.formatted(watcher.name(), told.name(), past.fence, told),
					List.of(past.since, now,
							String.valueOf(this.history.lifeOf(told.service(), told.id(), told.fence()))));
		}
	}

	/** Old news are not what this is about: a server that was cut off has nothing else. */
	private void leftForGood(WatcherHistory watcher, InstanceView told, Observation now) {
		Life life = this.history.lifeOf(told.service(), told.id(), told.fence());
		Act left = (life != null) ? life.deregistration() : null;
		if (left == null) {
			return;
		}
		long deadline = Math.max(left.answered(), this.timeline.beginOf(now.cursor())) + HistoryChecker.TTL
				+ HistoryChecker.SLACK;
		Cursor head = this.timeline.head(now.cursor(), deadline);
		if (now.at() > deadline && head != null && !now.cursor().isBefore(head)) {
			this.findings.add(Violation.Rule.CAME_BACK, "left " + told.name() + told.fence(), now.at(),
					"%s was told of %s, whose deregistration was acknowledged at %s".formatted(watcher.name(), told,
							Times.text(left.answered())),
					List.of(now, String.valueOf(life)));
		}
	}

	private record Past(long fence, Observation since) {
	}

}
