package io.redmesh.core.call;

import io.redmesh.core.time.RecentCounts;

/**
 * Keeps repeated attempts a small share of all calls of a destination, so that they
 * cannot bring down what is already overloaded (after Finagle's {@code RetryBudget}).
 * <p>
 * Safe for use by many threads.
 */
final class RetryBudget {

	private static final int CALLS = 0;

	private static final int RETRIES = 1;

	private final RecentCounts counts = new RecentCounts();

	private final double share;

	private final int minimum;

	RetryBudget(double share, int minimum) {
		this.share = share;
		this.minimum = minimum;
	}

	/**
	 * A call begins.
	 * @param nanos the monotonic time now
	 */
	void deposit(long nanos) {
		this.counts.add(CALLS, nanos);
	}

	/**
	 * Takes one more attempt out of the budget.
	 * @param nanos the monotonic time now
	 * @return whether there is one left
	 */
	boolean tryWithdraw(long nanos) {
		if (left(nanos) < 1) {
			return false;
		}
		this.counts.add(RETRIES, nanos);
		return true;
	}

	/**
	 * Returns what is left.
	 * @param nanos the monotonic time now
	 * @return how many attempts
	 */
	double left(long nanos) {
		return this.minimum + this.share * this.counts.sum(CALLS, nanos) - this.counts.sum(RETRIES, nanos);
	}

}
