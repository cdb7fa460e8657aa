package io.redmesh.chaos.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.redmesh.core.registry.Cursor;

/** The check of rule (f): all agree in the end. */
final class AllAgreeInTheEnd {

	private final History history;

	private final Findings findings;

	AllAgreeInTheEnd(History history, Findings findings) {
		this.history = history;
		this.findings = findings;
	}

	void check() {
		long now = this.history.watchers()
			.stream()
			.flatMap((watcher) -> watcher.observations().stream())
			.mapToLong(Observation::at)
			.max()
			.orElse(0);
		Map<String, Life> lives = this.history.lastLives();
		Map<String, InstanceView> truth = truth(lives);
		Map<String, Cursor> heads = this.history.heads();
		if (heads.values().stream().distinct().count() > 1) {
			this.findings.add(Violation.Rule.WRONG_IN_THE_END, "heads", now, "The servers have different cursors",
					List.of(heads));
		}
		for (WatcherHistory watcher : this.history.watchers()) {
			Replay replay = Replay.of(watcher, (step, after) -> {
			});
			List<String> differences = new ArrayList<>();
			truth.forEach((name, instance) -> {
				if (watcher.watches(instance.service()) && !instance.equals(replay.find(name))) {
					differences.add("%s is not known as %s but as %s; %s".formatted(name, instance, replay.find(name),
							lives.get(name)));
				}
			});
			replay.instances()
				.stream()
				.filter((instance) -> !truth.containsKey(instance.name()))
				.forEach((instance) -> differences
					.add("%s is known but has ended; %s".formatted(instance, lives.get(instance.name()))));
			Cursor last = watcher.observations().isEmpty() ? null
					: watcher.observations().get(watcher.observations().size() - 1).cursor();
			if (!heads.isEmpty() && !heads.containsValue(last)) {
				differences.add("its cursor is " + last + ", those of the servers are " + heads);
			}
			if (!replay.isComplete()) {
				differences.add("it has no complete snapshot");
			}
			if (!differences.isEmpty()) {
				this.findings.add(Violation.Rule.WRONG_IN_THE_END, watcher.name(), now,
						watcher.name() + " does not know what is true", differences);
			}
		}
	}

	private static Map<String, InstanceView> truth(Map<String, Life> lives) {
		Map<String, InstanceView> truth = new TreeMap<>();
		lives.forEach((name, life) -> {
			InstanceView instance = life.truth();
			if (instance != null) {
				truth.put(name, instance);
			}
		});
		return truth;
	}

}
