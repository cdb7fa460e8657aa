package io.redmesh.registry.chaos.history;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.redmesh.core.registry.Cursor;
import org.jspecify.annotations.Nullable;

/** When what was known first, by any watcher. */
final class Timeline {

	private record Heard(long at, Cursor cursor) {
	}

	private final Map<String, Long> epochs = new HashMap<>();

	private final Map<String, Long> revisions = new HashMap<>();

	private final Map<String, TreeMap<Long, Cursor>> heads = new HashMap<>();

	Timeline(History history) {
		List<Heard> all = history.watchers()
			.stream()
			.flatMap((watcher) -> watcher.observations().stream())
			.map((observation) -> new Heard(observation.at(), observation.cursor()))
			.sorted(Comparator.comparingLong(Heard::at))
			.toList();
		for (Heard heard : all) {
			this.epochs.putIfAbsent(epochOf(heard.cursor), heard.at);
			this.revisions.merge(epochOf(heard.cursor), heard.cursor.revision(), Math::max);
			TreeMap<Long, Cursor> head = this.heads.computeIfAbsent(heard.cursor.lineage(), (key) -> new TreeMap<>());
			if (head.isEmpty() || head.lastEntry().getValue().isBefore(heard.cursor)) {
				head.put(heard.at, heard.cursor);
			}
		}
	}

	static String epochOf(Cursor cursor) {
		return cursor.lineage() + "." + cursor.epoch();
	}

	/** When somebody first heard of an epoch. */
	long beginOf(Cursor cursor) {
		return this.epochs.getOrDefault(epochOf(cursor), Long.MAX_VALUE);
	}

	/** The newest place in a cursor's lineage that anybody had heard of by a time. */
	@Nullable Cursor head(Cursor cursor, long at) {
		TreeMap<Long, Cursor> head = this.heads.get(cursor.lineage());
		Map.Entry<Long, Cursor> last = (head != null) ? head.floorEntry(at) : null;
		return (last != null) ? last.getValue() : null;
	}

	/** When anybody first heard of this place in history, or of a later one. */
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
