package io.redmesh.registry.store.memory;

import java.time.Duration;

import io.redmesh.core.time.Time;

/**
 * The sequence of fences of a namespace: wall-clock times in milliseconds that grow even
 * when the clock goes back. Confined to its namespace's monitor.
 */
final class Fences {

	private static final long MAX_CLOCK_BACK = Duration.ofDays(365).toMillis();

	private final Time time;

	private long last;

	Fences(Time time) {
		this.time = time;
	}

	/**
	 * Returns the next fence.
	 * @param shown a fence that a client has shown, which it exceeds if credible
	 * @return the fence
	 */
	long next(long shown) {
		this.last = Math.max(this.time.now().toEpochMilli(), Math.max(this.last, credible(shown)) + 1);
		return this.last;
	}

	/** Returns a fence, or 0 if it is years ahead: clients may invent fences. */
	long credible(long fence) {
		return (fence <= this.time.now().toEpochMilli() + MAX_CLOCK_BACK) ? fence : 0;
	}

	void atLeast(long fence) {
		this.last = Math.max(this.last, fence);
	}

	boolean areInUse() {
		return this.last != 0;
	}

}
