package io.redmesh.registry.chaos.history;

import java.util.List;
import java.util.function.Predicate;

import io.redmesh.core.registry.Cursor;
import io.redmesh.registry.chaos.history.Observation.Change;
import io.redmesh.registry.chaos.history.Observation.Delta;
import io.redmesh.registry.chaos.history.Observation.Snapshot;
import io.redmesh.registry.chaos.history.Replay.Step;
import org.jspecify.annotations.Nullable;

/** Rules (d) and (e). */
final class NobodyLivingIsEvicted {

	private final History history;

	private final Timeline timeline;

	private final Findings findings;

	NobodyLivingIsEvicted(History history, Timeline timeline, Findings findings) {
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
						.forEach((change) -> gone(watcher, change, step));
				}
				else if (step.observation().news() instanceof Snapshot snapshot && snapshot.complete()) {
					missing(watcher, step, replay);
				}
				if (replay.isComplete()) {
					step.servicesThatLost(replay)
						.stream()
						.filter(replay::isEmpty)
						.forEach((service) -> empty(watcher, service, step.observation()));
				}
			});
		}
	}

	private void gone(WatcherHistory watcher, Change change, Step step) {
		InstanceView before = step.before().get(change.name());
		Life life = (before != null) ? this.history.lifeOf(before.service(), before.id(), before.fence()) : null;
		if (before == null || life == null) {
			return;
		}
		// When it happened, and not when a slow connection brought the news.
		long at = Math.min(step.observation().at(), this.timeline.reached(step.to()));
		boolean left = "DEREGISTERED".equals(change.gone());
		if (life.livesAt(at) && (left
				|| at < life.lastContact(at - HistoryChecker.SLACK) + HistoryChecker.TTL - HistoryChecker.TOLERANCE)) {
			this.findings.add(Violation.Rule.FALSE_EVICTION, before.name() + before.fence(), at,
					"%s was told that %s is gone (%s)".formatted(watcher.name(), before, change.gone()),
					List.of(step.observation(), life));
		}
		if ("REFUSED".equals(change.gone()) && isOpen(life, at)) {
			this.findings.add(Violation.Rule.FALSE_EVICTION, "door " + before.name() + before.fence(), at,
					"%s was told that %s refused connections, but its port was open".formatted(watcher.name(), before),
					List.of(step.observation(), life));
		}
	}

	/**
	 * A port is closed by a crash, and when another life of the id begins. Who stands
	 * still, leaves or stays out keeps it open.
	 */
	private boolean isOpen(Life life, long at) {
		return life.acts().stream().noneMatch((act) -> act.kind() == Act.Kind.CRASHED && act.sent() <= at)
				&& this.history.livesOf(life.name())
					.stream()
					.noneMatch((other) -> other != life && other.began() >= life.began() && other.began() <= at);
	}

	private void missing(WatcherHistory watcher, Step step, Replay replay) {
		this.history.lastLives().values().stream().filter(mustBeKnown(watcher, step.observation())).forEach((life) -> {
			if (replay.find(life.name()) == null) {
				this.findings.add(Violation.Rule.FALSE_EVICTION, "missing " + life.name(), step.observation().at(),
						"%s got a complete snapshot at %s without %s".formatted(watcher.name(), step.to(), life.name()),
						List.of("from " + step.observation().server(), life));
			}
		});
	}

	private void empty(WatcherHistory watcher, String service, Observation now) {
		List<Life> living = this.history.lastLives()
			.values()
			.stream()
			.filter((life) -> life.service().equals(service))
			.filter(mustBeKnown(watcher, now))
			.toList();
		if (!living.isEmpty()) {
			this.findings.add(Violation.Rule.EMPTY_SERVICE, service + " " + now.cursor(), now.at(),
					"%s knows nobody of %s, where %d live".formatted(watcher.name(), service, living.size()),
					List.of(now, living.get(0)));
		}
	}

	/** Lives, and was acknowledged by a place in history that the event has reached. */
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
