package io.redmesh.demo.launcher;

import java.time.Duration;

/**
 * The schedule of calls at a constant rate (<em>open loop</em>). Due times do not depend
 * on how long calls take, so a slow response delays no later call. The latency of a call
 * counts from its due time: no coordinated omission.
 *
 * @param start the due time of call 0, in nanoseconds of {@link System#nanoTime()}
 * @param perSecond the number of calls per second, positive
 */
record RateSchedule(long start, int perSecond) {

	RateSchedule {
		if (perSecond < 1) {
			throw new IllegalArgumentException("perSecond: %d (expected: >= 1)".formatted(perSecond));
		}
	}

	long due(long call) {
		long second = call / this.perSecond;
		long rest = call % this.perSecond;
		return this.start + Duration.ofSeconds(second).toNanos()
				+ rest * Duration.ofSeconds(1).toNanos() / this.perSecond;
	}

}
