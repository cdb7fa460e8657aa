package io.redmesh.core.time;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * Event counts of the last ten seconds, in slots of one second.
 * <p>
 * Safe for use by many threads; takes no lock.
 */
public final class RecentCounts {

	/** The number of counters. */
	public static final int COUNTERS = 3;

	private static final int SLOTS = 10;

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	// A slot is replaced as a whole: it never carries counts of an earlier second.
	private final AtomicReferenceArray<@Nullable Second> slots = new AtomicReferenceArray<>(SLOTS);

	/**
	 * Increments a counter.
	 * @param counter the index of the counter, 0 to 2
	 * @param nanos the monotonic time now
	 */
	public void add(int counter, long nanos) {
		long number = Math.floorDiv(nanos, SECOND);
		int slot = (int) Math.floorMod(number, (long) SLOTS);
		Second current = this.slots.get(slot);
		while (current == null || current.number != number) {
			Second next = new Second(number);
			current = this.slots.compareAndSet(slot, current, next) ? next : this.slots.get(slot);
		}
		current.counts.getAndIncrement(counter);
	}

	/**
	 * Returns the count of the last ten seconds.
	 * @param counter the index of the counter, 0 to 2
	 * @param nanos the monotonic time now
	 * @return the number of events
	 */
	public int sum(int counter, long nanos) {
		long number = Math.floorDiv(nanos, SECOND);
		int sum = 0;
		for (int i = 0; i < SLOTS; i++) {
			Second second = this.slots.get(i);
			if (second != null && second.isWithin(SLOTS, number)) {
				sum += second.counts.get(counter);
			}
		}
		return sum;
	}

	/** Resets all counters. */
	public void forget() {
		for (int i = 0; i < SLOTS; i++) {
			this.slots.set(i, null);
		}
	}

	/** The counts of one second. */
	private static final class Second {

		private final long number;

		private final AtomicIntegerArray counts = new AtomicIntegerArray(COUNTERS);

		Second(long number) {
			this.number = number;
		}

		boolean isWithin(int seconds, long now) {
			long age = now - this.number;
			return age >= 0 && age < seconds;
		}

	}

}
