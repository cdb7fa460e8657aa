package io.redmesh.chaos.history;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.redmesh.chaos.history.Observation.Change;
import io.redmesh.chaos.history.Observation.Delta;
import io.redmesh.chaos.history.Observation.Snapshot;
import io.redmesh.core.registry.Cursor;
import org.jspecify.annotations.Nullable;

/** The check of rule (c): no instance comes back. */
final class NoInstanceComesBack {

	private final History history;

	private final Timeline timeline;

	private final Findings findings;

	NoInstanceComesBack(History history, Timeline timeline, Findings findings) {
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
				for (InstanceView received : instancesIn(step.observation())) {
					checkGone(watcher, received, past.get(received.name()), step.observation());
					checkDeregistered(watcher, received, step.observation());
					InstanceView before = step.before().get(received.name());
					if (step.continues() && before != null && before.fence() < received.fence()) {
						past.put(received.name(), new Past(before.fence(), step.observation()));
					}
				}
				if (step.continues() && replay.isComplete()) {
					step.gone(replay)
						.forEach((gone) -> past.put(gone.name(), new Past(gone.fence(), step.observation())));
				}
			});
		}
	}

	private static Collection<InstanceView> instancesIn(Observation observation) {
		if (observation.news() instanceof Snapshot snapshot) {
			return snapshot.instances();
		}
		return (observation.news() instanceof Delta delta)
				? delta.changes().stream().map(Change::instance).filter((instance) -> instance != null).toList()
				: List.of();
	}

	private void checkGone(WatcherHistory watcher, InstanceView received, @Nullable Past past, Observation now) {
		if (past != null && received.fence() <= past.fence) {
			this.findings.add(Violation.Rule.CAME_BACK, received.name() + received.fence(), now.at(),
					"%s received that %s with fence %d is gone, and then %s in the same epoch".formatted(watcher.name(),
							received.name(), past.fence, received),
					List.of(past.since, now,
							String.valueOf(this.history.lifeOf(received.service(), received.id(), received.fence()))));
		}
	}

	/**
	 * Checks that a deregistered instance does not come back. Old events do not count, as
	 * a server that was cut off has nothing else.
	 */
	private void checkDeregistered(WatcherHistory watcher, InstanceView received, Observation now) {
		Life life = this.history.lifeOf(received.service(), received.id(), received.fence());
		Act left = (life != null) ? life.deregistration() : null;
		if (left == null) {
			return;
		}
		long deadline = Math.max(left.answered(), this.timeline.beginOf(now.cursor())) + HistoryChecker.TTL
				+ HistoryChecker.SLACK;
		Cursor head = this.timeline.head(now.cursor(), deadline);
		if (now.at() > deadline && head != null && !now.cursor().isBefore(head)) {
			this.findings.add(Violation.Rule.CAME_BACK, "left " + received.name() + received.fence(), now.at(),
					"%s received %s, whose deregistration was acknowledged at %s".formatted(watcher.name(), received,
							Times.text(left.answered())),
					List.of(now, String.valueOf(life)));
		}
	}

	private record Past(long fence, Observation since) {
	}

}
