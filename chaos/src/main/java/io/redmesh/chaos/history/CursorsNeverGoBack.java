package io.redmesh.chaos.history;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.redmesh.core.registry.Cursor;
import org.jspecify.annotations.Nullable;

/** The check of rule (a): cursors never go back. */
final class CursorsNeverGoBack {

	private final History history;

	private final Findings findings;

	CursorsNeverGoBack(History history, Findings findings) {
		this.history = history;
		this.findings = findings;
	}

	void check() {
		this.history.watchers().forEach(this::check);
	}

	private void check(WatcherHistory watcher) {
		Map<String, Observation> newest = new HashMap<>();
		Map<String, Observation> ofConnection = new HashMap<>();
		for (Observation observation : watcher.observations()) {
			String lineage = observation.cursor().lineage();
			Observation last = ofConnection.put(observation.connection() + " " + lineage, observation);
			require(watcher, last, observation);
			if (!(observation.news() instanceof Observation.Ping)) {
				if (observation.accepted()) {
					require(watcher, newest.put(lineage, observation), observation);
				}
				else if (this.history.faultsAround(observation.at()).isEmpty()) {
					this.findings.add(Violation.Rule.CURSOR_WENT_BACK, "calm " + watcher.name(), observation.at(),
							watcher.name() + " received an event older than what it knows, long after the last fault",
							List.of(observation));
				}
			}
		}
	}

	private void require(WatcherHistory watcher, @Nullable Observation last, Observation next) {
		Cursor cursor = next.cursor();
		if (last != null && cursor.isBefore(last.cursor())) {
			this.findings.add(Violation.Rule.CURSOR_WENT_BACK, watcher.name(), next.at(),
					"%s was at cursor %s and then at %s".formatted(watcher.name(), last.cursor(), cursor),
					List.of(last, next));
		}
	}

}
