package io.redmesh.chaos.history;

import java.util.List;
import java.util.function.Predicate;

import io.redmesh.chaos.history.Observation.Change;
import io.redmesh.chaos.history.Observation.Delta;
import io.redmesh.chaos.history.Observation.Snapshot;
import io.redmesh.chaos.history.Replay.Step;
import io.redmesh.core.registry.Cursor;
import org.jspecify.annotations.Nullable;

/** The check of rules (d) and (e): no living instance is evicted, no service is empty. */
final class NoLivingInstanceIsEvicted {

	private final History history;

	private final Timeline timeline;

	private final Findings findings;

	NoLivingInstanceIsEvicted(History history, Timeline timeline, Findings findings) {
		this.history = history;
		this.timeline = timeline;
		this.findings = findings;
	}

	void check() {
		for (WatcherHistory watcher : this.history.watchers()) {
			Replay.of(watcher, (step, replay) -> {
				if (step.observation().news() instanceof Delta delta) {
					delta.changes()
						.stream()
						.filter((change) -> change.gone() != null)
						.forEach((change) -> checkRemoval(watcher, change, step));
				}
				else if (step.observation().news() instanceof Snapshot snapshot && snapshot.complete()) {
					checkSnapshot(watcher, step, replay);
				}
				if (replay.isComplete()) {
					step.servicesThatLost(replay)
						.stream()
						.filter(replay::isEmpty)
						.forEach((service) -> checkEmpty(watcher, service, step.observation()));
				}
			});
		}
	}

	private void checkRemoval(WatcherHistory watcher, Change change, Step step) {
		InstanceView before = step.before().get(change.name());
		Life life = (before != null) ? this.history.lifeOf(before.service(), before.id(), before.fence()) : null;
		if (before == null || life == null) {
			return;
		}
		// The time of the change, not that at which a slow connection brought the event.
		long at = Math.min(step.observation().at(), this.timeline.reached(step.to()));
		boolean left = "DEREGISTERED".equals(change.gone());
		if (life.livesAt(at) && (left
				|| at < life.lastContact(at - HistoryChecker.SLACK) + HistoryChecker.TTL - HistoryChecker.TOLERANCE)) {
			this.findings.add(Violation.Rule.FALSE_EVICTION, before.name() + before.fence(), at,
					"%s was told that %s is gone (%s)".formatted(watcher.name(), before, change.gone()),
					List.of(step.observation(), life));
		}
		if ("REFUSED".equals(change.gone()) && isOpen(life, at)) {
			this.findings.add(Violation.Rule.FALSE_EVICTION, "port " + before.name() + before.fence(), at,
					"%s was told that %s refused connections, but its port was open".formatted(watcher.name(), before),
					List.of(step.observation(), life));
		}
	}

	/**
	 * Tells whether the port of a life was open at a time. It is closed by a crash, and
	 * when another life of the id begins. A process that is frozen, leaves or stays out
	 * keeps it open.
	 */
	private boolean isOpen(Life life, long at) {
		return life.acts().stream().noneMatch((act) -> act.kind() == Act.Kind.CRASHED && act.sent() <= at)
				&& this.history.livesOf(life.name())
					.stream()
					.noneMatch((other) -> other != life && other.began() >= life.began() && other.began() <= at);
	}

	private void checkSnapshot(WatcherHistory watcher, Step step, Replay replay) {
		this.history.lastLives().values().stream().filter(mustBeKnown(watcher, step.observation())).forEach((life) -> {
			if (replay.find(life.name()) == null) {
				this.findings.add(Violation.Rule.FALSE_EVICTION, "missing " + life.name(), step.observation().at(),
						"%s got a complete snapshot at %s without %s".formatted(watcher.name(), step.to(), life.name()),
						List.of("from " + step.observation().server(), life));
			}
		});
	}

	private void checkEmpty(WatcherHistory watcher, String service, Observation now) {
		List<Life> living = this.history.lastLives()
			.values()
			.stream()
			.filter((life) -> life.service().equals(service))
			.filter(mustBeKnown(watcher, now))
			.toList();
		if (!living.isEmpty()) {
			this.findings.add(Violation.Rule.EMPTY_SERVICE, service + " " + now.cursor(), now.at(),
					"%s knows no instance of %s, where %d live".formatted(watcher.name(), service, living.size()),
					List.of(now, living.get(0)));
		}
	}

	/**
	 * Returns the condition under which a watcher must know a life: it lives, and was
	 * acknowledged at a place in history that the event has reached.
	 */
	private Predicate<Life> mustBeKnown(WatcherHistory watcher, Observation now) {
		Cursor cursor = now.cursor();
		return (life) -> {
			Act last = watcher.watches(life.service()) && life.livesAt(now.at()) ? acknowledged(life, now) : null;
			return last != null && now.at() < last.sent() + HistoryChecker.TTL - HistoryChecker.TOLERANCE
					&& last.cursor() != null && cursor.sameLineage(last.cursor()) && !cursor.isBefore(last.cursor());
		};
	}

	private static @Nullable Act acknowledged(Life life, Observation now) {
		return life.lastAcknowledged(now.at() - HistoryChecker.SLACK);
	}

}
