package io.redmesh.core.call;

import io.redmesh.core.time.RecentCounts;

/**
 * A retry budget: it keeps retries and hedges a small share of all calls of a
 * destination, so that they cannot bring down an overloaded service (after Finagle's
 * {@code RetryBudget}).
 * <p>
 * Safe for use by many threads.
 */
final class RetryBudget {

	private static final int CALLS = 0;

	private static final int RETRIES = 1;

	private final RecentCounts counts = new RecentCounts();

	/**
	 * Counts a call, which adds to the budget.
	 * @param nanos the monotonic time now
	 */
	void deposit(long nanos) {
		this.counts.add(CALLS, nanos);
	}

	/**
	 * Takes one attempt out of the budget.
	 * @param policy the policy, which says how large the budget is
	 * @param nanos the monotonic time now
	 * @return whether the budget permitted it
	 */
	// Two threads must not both take what is left for one.
	synchronized boolean tryWithdraw(RetryPolicy policy, long nanos) {
		if (left(policy, nanos) < 1) {
			return false;
		}
		this.counts.add(RETRIES, nanos);
		return true;
	}

	/**
	 * Returns the budget that is left.
	 * @param policy the policy, which says how large the budget is
	 * @param nanos the monotonic time now
	 * @return the number of attempts
	 */
	double left(RetryPolicy policy, long nanos) {
		return policy.budgetMinimum() + policy.budgetShare() * this.counts.sum(CALLS, nanos)
				- this.counts.sum(RETRIES, nanos);
	}

}
