package io.redmesh.autoconfigure.inbound;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The shortest time that a request took of late, by the second. Safe for use by many
 * threads.
 */
final class ShortestStay {

	/** Nothing was answered. */
	static final long NONE = Long.MAX_VALUE;

	private static final int SECONDS = 16;

	private final long[] seconds = new long[SECONDS];

	private final long[] shortest = new long[SECONDS];

	ShortestStay() {
		forget();
	}

	synchronized void forget() {
		Arrays.fill(this.shortest, NONE);
	}

	/**
	 * Notes a request that was answered.
	 * @param now the monotonic time
	 * @param took nanoseconds that it took
	 */
	synchronized void add(long now, long took) {
		long second = second(now);
		int slot = slot(second);
		boolean old = this.seconds[slot] != second;
		this.seconds[slot] = second;
		this.shortest[slot] = old ? took : Math.min(this.shortest[slot], took);
	}

	/**
	 * Returns the shortest time of late.
	 * @param now the monotonic time
	 * @param horizon nanoseconds to look back; up to 15 s, and a second more than asked
	 * for at most
	 * @return nanoseconds, or {@link #NONE}
	 */
	synchronized long within(long now, long horizon) {
		long last = second(now);
		long first = Math.max(second(now - Math.min(horizon, TimeUnit.MINUTES.toNanos(1))), last - SECONDS + 1);
		long found = NONE;
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
