package io.redmesh.demo.launcher;

import java.time.Duration;

/**
 * When each call of a constant rate is due. The times do not depend on how long calls
 * take, so a slow answer delays no later call and is measured from the moment it was due
 * (<em>open loop</em>, no coordinated omission).
 *
 * @param start the moment of call 0, in nanoseconds of {@link System#nanoTime()}
 * @param perSecond how many calls are due in a second, positive
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
