package io.redmesh.core.time;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts of the last ten seconds, forgotten by the second.
 * <p>
 * Safe for use by many threads; takes no lock. The counts of a second share one long and
 * stop together at 65,535, where only their proportions matter any more.
 */
public final class RecentCounts {

	/** How many things can be counted. */
	public static final int COUNTERS = 3;

	private static final int SLOTS = 10;

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private static final int BITS = 16;

	private static final long MAX = (1 << BITS) - 1;

	// In each: the second, and above it the counters.
	private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

	/**
	 * Counts one more.
	 * @param counter of what, 0 to 2
	 * @param nanos the monotonic time now
	 */
	public void add(int counter, long nanos) {
		long second = Math.floorDiv(nanos, SECOND);
		int slot = (int) Math.floorMod(second, (long) SLOTS);
		long current;
		long next;
		do {
			current = this.slots.get(slot);
			long base = ((current & MAX) == (second & MAX)) ? current : second & MAX;
			next = isFull(base) ? base : base + (1L << shift(counter));
		}
		while (!this.slots.compareAndSet(slot, current, next));
	}

	/**
	 * Returns a count.
	 * @param counter of what, 0 to 2
	 * @param nanos the monotonic time now
	 * @return how many there were in the last ten seconds
	 */
	public int sum(int counter, long nanos) {
		long second = Math.floorDiv(nanos, SECOND);
		long sum = 0;
		for (int i = 0; i < SLOTS; i++) {
			long slot = this.slots.get(i);
			if (((second - slot) & MAX) < SLOTS) {
				sum += slot >>> shift(counter) & MAX;
			}
		}
		return (int) sum;
	}

	/** Forgets all of them. */
	public void forget() {
		for (int i = 0; i < SLOTS; i++) {
			this.slots.set(i, 0);
		}
	}

	private static boolean isFull(long slot) {
		for (int counter = 0; counter < COUNTERS; counter++) {
			if ((slot >>> shift(counter) & MAX) == MAX) {
				return true;
			}
		}
		return false;
	}

	private static int shift(int counter) {
		return BITS * (counter + 1);
	}

}
