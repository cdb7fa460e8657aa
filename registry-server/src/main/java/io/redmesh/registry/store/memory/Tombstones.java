package io.redmesh.registry.store.memory;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The tombstones of a namespace, kept for ten minutes: incarnations that stay out, and
 * until when an id was left, so that nothing older is restored from a backup. Confined to
 * its namespace's monitor.
 */
final class Tombstones {

	/** The mark of an override that was removed, in place of a fence. */
	static final long OVERRIDE = -1;

	private static final long AGE = Duration.ofMinutes(10).toNanos();

	// Both in the order of their entry, so that the oldest are at the head.
	private final Map<Tombstone, Long> buried = new LinkedHashMap<>();

	private final Map<Tombstone, Departure> departures = new LinkedHashMap<>();

	void bury(InstanceKey key, long fence, long now) {
		removeOld(now);
		// Removed first, because an entry that is only replaced keeps its place.
		this.buried.remove(new Tombstone(key, fence));
		this.buried.put(new Tombstone(key, fence), now);
	}

	boolean contains(InstanceKey key, long fence, long now) {
		removeOld(now);
		return this.buried.containsKey(new Tombstone(key, fence));
	}

	/**
	 * Notes that an id was left, without keeping its incarnation out.
	 * @param key the id
	 * @param fence the highest fence that has left, or {@link #OVERRIDE}
	 * @param now the monotonic time
	 */
	void depart(InstanceKey key, long fence, long now) {
		removeOld(now);
		Tombstone place = placeOf(key, fence);
		this.departures.remove(place);
		this.departures.put(place, new Departure(fence, now));
	}

	/**
	 * Returns whether an id was left since, by this incarnation or a later one.
	 * @param key the id
	 * @param fence the fence of the incarnation, or {@link #OVERRIDE}
	 * @param now the monotonic time
	 * @return whether it was left
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
