package io.redmesh.registry.store.memory;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What was ended, and is remembered for ten minutes: incarnations that stay out, and
 * until when an id was left, so that nothing older comes back from a backup. Confined to
 * its namespace's monitor.
 */
final class Tombstones {

	/** Stands for an override that was removed, where a fence stands otherwise. */
	static final long OVERRIDE = -1;

	private static final long AGE = Duration.ofMinutes(10).toNanos();

	// Both in the order of their burial, so that the old ones stand at the head.
	private final Map<Tombstone, Long> buried = new LinkedHashMap<>();

	private final Map<Tombstone, Departure> departures = new LinkedHashMap<>();

	void bury(InstanceKey key, long fence, long now) {
		removeOld(now);
		// What is put again keeps its place otherwise.
		this.buried.remove(new Tombstone(key, fence));
		this.buried.put(new Tombstone(key, fence), now);
	}

	boolean contains(InstanceKey key, long fence, long now) {
		removeOld(now);
		return this.buried.containsKey(new Tombstone(key, fence));
	}

	/**
	 * Notes that an id is left, without keeping its incarnation out.
	 * @param key the id
	 * @param fence up to which fence, or {@link #OVERRIDE}
	 * @param now the monotonic time
	 */
	void left(InstanceKey key, long fence, long now) {
		removeOld(now);
		Tombstone place = placeOf(key, fence);
		this.departures.remove(place);
		this.departures.put(place, new Departure(fence, now));
	}

	/**
	 * Tells whether an id was left since, by this incarnation or a later one.
	 * @param key the id
	 * @param fence the fence of the incarnation, or {@link #OVERRIDE}
	 * @param now the monotonic time
	 * @return whether it was
	 */
	boolean hasLeft(InstanceKey key, long fence, long now) {
		boolean buried = contains(key, fence, now);
		Departure last = this.departures.get(placeOf(key, fence));
		return buried || (last != null && fence <= last.fence);
	}

	boolean isEmpty(long now) {
		removeOld(now);
		return this.buried.isEmpty() && this.departures.isEmpty();
	}

	private void removeOld(long now) {
		removeOld(this.buried.values().iterator(), (at) -> now - at > AGE);
		removeOld(this.departures.values().iterator(), (departure) -> now - departure.at > AGE);
	}

	private static <T> void removeOld(Iterator<T> oldest, Predicate<T> isOld) {
		while (oldest.hasNext() && isOld.test(oldest.next())) {
			oldest.remove();
		}
	}

	private static Tombstone placeOf(InstanceKey key, long fence) {
		return new Tombstone(key, Math.min(fence, 0));
	}

	private record Tombstone(InstanceKey key, long fence) {

	}

	private record Departure(long fence, long at) {

	}

}
