package io.redmesh.core.call;

import java.time.Duration;

import io.redmesh.core.time.Time;

/**
 * A deadline: the moment from which on a caller no longer waits, or none. Immutable.
 *
 * @param limited whether there is a deadline
 * @param nanos the deadline by the monotonic clock, 0 if there is none
 */
public record Deadline(boolean limited, long nanos) {

	/** No deadline. */
	public static final Deadline NONE = new Deadline(false, 0);

	/**
	 * Returns the deadline of a timeout that begins now.
	 * @param timeout the timeout, zero or negative if it is already over
	 * @param now the monotonic time
	 * @return the deadline
	 */
	public static Deadline in(Duration timeout, long now) {
		return new Deadline(true, now + Time.nanos(timeout));
	}

	/**
	 * Returns the earlier of this deadline and the end of a timeout that begins now.
	 * @param timeout the timeout, zero for none
	 * @param now the monotonic time
	 * @return the earlier one
	 */
	Deadline within(Duration timeout, long now) {
		if (timeout.isZero()) {
			return this;
		}
		Deadline own = in(timeout, now);
		return (this.limited && this.nanos - own.nanos < 0) ? this : own;
	}

	/**
	 * Returns whether the deadline has passed.
	 * @param now the monotonic time
	 * @return false without a deadline
	 */
	public boolean isPassed(long now) {
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
	public long left(long now) {
		return this.limited ? Math.max(1, this.nanos - now) : Long.MAX_VALUE;
	}

}
