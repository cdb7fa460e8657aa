package io.redmesh.autoconfigure.inbound;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The shortest recent response time per request ahead, second by second. In a queue, that
 * is the time in which the app serves one request, even while the queue grows. It is far
 * less where requests of another kind overtake slow ones. Safe for use by many threads.
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
	 * Records a request that was answered.
	 * @param now the monotonic time in nanoseconds
	 * @param each nanoseconds that it took for each request that was ahead of it
	 */
	synchronized void add(long now, double each) {
		long second = second(now);
		int slot = slot(second);
		double known = (this.seconds[slot] == second) ? this.shortest[slot] : NONE;
		this.seconds[slot] = second;
		this.shortest[slot] = Math.min(known, each);
	}

	/**
	 * Returns the shortest recent time.
	 * @param now the monotonic time in nanoseconds
	 * @param horizon nanoseconds to look back, 15 s at most; up to a second more may be
	 * looked at
	 * @return nanoseconds for each request ahead, infinite if no request was answered
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
