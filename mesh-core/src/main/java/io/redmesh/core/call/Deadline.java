package io.redmesh.core.call;

import java.time.Duration;

import io.redmesh.core.time.Time;

/**
 * The deadline of a call: the end of its own timeout, or the earlier moment at which its
 * caller gives up.
 *
 * @param limited whether there is a deadline
 * @param nanos the deadline by the monotonic clock
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
	 * Returns whether the deadline passes within a delay.
	 * @param delay nanoseconds from now, not negative
	 * @param now the monotonic time
	 * @return whether it has passed by then
	 */
	boolean isPassedAfter(long delay, long now) {
		return this.limited && delay >= this.nanos - now;
	}

	/**
	 * Returns the time that is left.
	 * @param now the monotonic time
	 * @return nanoseconds, 1 or more; {@link Long#MAX_VALUE} without a deadline
	 */
	long left(long now) {
		return this.limited ? Math.max(1, this.nanos - now) : Long.MAX_VALUE;
	}

}
