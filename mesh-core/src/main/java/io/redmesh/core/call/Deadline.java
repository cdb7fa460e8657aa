package io.redmesh.core.call;

import java.time.Duration;

import io.redmesh.core.time.Time;

/**
 * When nobody waits for a call any more: by its own timeout, or earlier because whoever
 * asked for it will have given up.
 *
 * @param limited whether there is such a moment
 * @param nanos the moment by the monotonic clock
 */
record Deadline(boolean limited, long nanos) {

	static Deadline of(CallTerms terms, Duration timeout, long now) {
		long own = now + Time.nanos(timeout);
		boolean outside = terms.limited() && (timeout.isZero() || terms.deadline() - own < 0);
		return new Deadline(terms.limited() || !timeout.isZero(), outside ? terms.deadline() : own);
	}

	boolean isPassed(long now) {
		return isPassedAfter(0, now);
	}

	/**
	 * Tells whether it passes within a delay.
	 * @param delay nanoseconds from now, not negative
	 * @param now the monotonic time
	 * @return whether it has passed by then
	 */
	boolean isPassedAfter(long delay, long now) {
		return this.limited && delay >= this.nanos - now;
	}

	/**
	 * Returns how much time is left.
	 * @param now the monotonic time
	 * @return nanoseconds, 1 or more; {@link Long#MAX_VALUE} for as long as one likes
	 */
	long left(long now) {
		return this.limited ? Math.max(1, this.nanos - now) : Long.MAX_VALUE;
	}

}
