package io.redmesh.registry.store.memory;

import java.time.Duration;

import io.redmesh.core.time.Time;

/**
 * The fences of a namespace: times that grow, also when the clock goes back. Confined to
 * its namespace's monitor.
 */
final class Fences {

	private static final long MAX_CLOCK_BACK = Duration.ofDays(365).toMillis();

	private final Time time;

	private long last;

	Fences(Time time) {
		this.time = time;
	}

	/**
	 * Gives out the next one.
	 * @param shown one that it must be above, if that may be true
	 * @return the fence
	 */
	long next(long shown) {
		this.last = Math.max(this.time.now().toEpochMilli(), Math.max(this.last, credible(shown)) + 1);
		return this.last;
	}

	/** No clock goes back by years: what was made up must not raise all that follow. */
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
