package io.redmesh.autoconfigure.inbound;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The time that requests took of late for each one that was before them, by the second:
 * the shortest. In a queue that is the time in which the app serves one, also while the
 * queue grows. It is far less where requests of another kind overtake those that take
 * long. Safe for use by many threads.
 */
final class Overtaking {

	private static final double NONE = Double.POSITIVE_INFINITY;

	private static final int SECONDS = 16;

	private final long[] seconds = new long[SECONDS];

	private final double[] shortest = new double[SECONDS];

	Overtaking() {
		forget();
	}

	synchronized void forget() {
		Arrays.fill(this.shortest, NONE);
	}

	/**
	 * Notes a request that was answered.
	 * @param now the monotonic time
	 * @param each nanoseconds that it took for each one before it
	 */
	synchronized void add(long now, double each) {
		long second = second(now);
		int slot = slot(second);
		double known = (this.seconds[slot] == second) ? this.shortest[slot] : NONE;
		this.seconds[slot] = second;
		this.shortest[slot] = Math.min(known, each);
	}

	/**
	 * Returns the shortest time of late.
	 * @param now the monotonic time
	 * @param horizon nanoseconds to look back; up to 15 s, and a second more than asked
	 * for at most
	 * @return nanoseconds for each one before, infinite if none was answered
	 */
	synchronized double within(long now, long horizon) {
		long last = second(now);
		long first = Math.max(second(now - Math.min(horizon, TimeUnit.MINUTES.toNanos(1))), last - SECONDS + 1);
		double found = NONE;
		for (long second = first; second <= last; second++) {
			int slot = slot(second);
			if (this.seconds[slot] == second) {
				found = Math.min(found, this.shortest[slot]);
			}
		}
		return found;
	}

	private static long second(long nanos) {
		return Math.floorDiv(nanos, TimeUnit.SECONDS.toNanos(1));
	}

	private static int slot(long second) {
		return Math.floorMod(second, SECONDS);
	}

}
