package io.redmesh.chaos.history;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.redmesh.core.registry.Cursor;
import org.jspecify.annotations.Nullable;

/** The times at which epochs and revisions were first seen by any watcher. */
final class Timeline {

	private record Seen(long at, Cursor cursor) {
	}

	private final Map<String, Long> epochs = new HashMap<>();

	private final Map<String, Long> revisions = new HashMap<>();

	private final Map<String, TreeMap<Long, Cursor>> heads = new HashMap<>();

	Timeline(History history) {
		List<Seen> all = history.watchers()
			.stream()
			.flatMap((watcher) -> watcher.observations().stream())
			.map((observation) -> new Seen(observation.at(), observation.cursor()))
			.sorted(Comparator.comparingLong(Seen::at))
			.toList();
		for (Seen seen : all) {
			this.epochs.putIfAbsent(epochOf(seen.cursor), seen.at);
			this.revisions.merge(epochOf(seen.cursor), seen.cursor.revision(), Math::max);
			TreeMap<Long, Cursor> head = this.heads.computeIfAbsent(seen.cursor.lineage(), (key) -> new TreeMap<>());
			if (head.isEmpty() || head.lastEntry().getValue().isBefore(seen.cursor)) {
				head.put(seen.at, seen.cursor);
			}
		}
	}

	static String epochOf(Cursor cursor) {
		return cursor.lineage() + "." + cursor.epoch();
	}

	/** Returns the time at which any watcher first saw the epoch of a cursor. */
	long beginOf(Cursor cursor) {
		return this.epochs.getOrDefault(epochOf(cursor), Long.MAX_VALUE);
	}

	/**
	 * Returns the newest cursor of a lineage that a watcher had seen by a time, or null.
	 */
	@Nullable Cursor head(Cursor cursor, long at) {
		TreeMap<Long, Cursor> head = this.heads.get(cursor.lineage());
		Map.Entry<Long, Cursor> last = (head != null) ? head.floorEntry(at) : null;
		return (last != null) ? last.getValue() : null;
	}

	/** Returns the time at which any watcher first saw a cursor or a later one. */
	long reached(Cursor cursor) {
		return this.heads.getOrDefault(cursor.lineage(), new TreeMap<>())
			.entrySet()
			.stream()
			.filter((entry) -> !entry.getValue().isBefore(cursor))
			.mapToLong(Map.Entry::getKey)
			.findFirst()
			.orElse(Long.MAX_VALUE);
	}

	int countEpochs() {
		return this.epochs.size();
	}

	long countRevisions() {
		return this.revisions.values().stream().mapToLong(Long::longValue).sum();
	}

}
