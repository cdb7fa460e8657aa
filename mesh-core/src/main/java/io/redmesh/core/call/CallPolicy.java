package io.redmesh.core.call;

import java.time.Duration;

import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.outlier.OutlierPolicy;
import io.redmesh.core.time.Time;

/**
 * How one destination is called.
 *
 * @param loadBalancing how to pick among its endpoints
 * @param retries what may be tried again
 * @param outliers which endpoints are worse than their peers
 * @param timeout how long a call may take with all its attempts until the answer begins,
 * zero for as long as it likes
 * @param attemptTimeout how long one attempt may take until the answer begins, zero for
 * as long as the call
 * @param maxCalls how many calls may be under way at a time, zero for any number
 * @param maxPending how many more may wait until one of those is over
 */
public record CallPolicy(LoadBalancing loadBalancing, RetryPolicy retries, OutlierPolicy outliers, Duration timeout,
		Duration attemptTimeout, int maxCalls, int maxPending) {

	/** What is meant to suit everybody. */
	public static final CallPolicy DEFAULT = new CallPolicy(LoadBalancing.ADAPTIVE, RetryPolicy.DEFAULT,
			OutlierPolicy.DEFAULT, Duration.ofSeconds(30), Duration.ofSeconds(10), 0, 0);

	public CallPolicy {
		if (timeout.isNegative() || attemptTimeout.isNegative()) {
			throw new IllegalArgumentException(
					"timeout: %s, attemptTimeout: %s (expected: not negative)".formatted(timeout, attemptTimeout));
		}
		if (maxCalls < 0 || maxPending < 0) {
			throw new IllegalArgumentException(
					"maxCalls: %d, maxPending: %d (expected: 0 or more)".formatted(maxCalls, maxPending));
		}
	}

	/**
	 * Returns how long an attempt may be unanswered that no deadline cuts short.
	 * @return nanoseconds, {@link Long#MAX_VALUE} for as long as it likes
	 */
	long patience() {
		long attempt = this.attemptTimeout.isZero() ? Long.MAX_VALUE : Time.nanos(this.attemptTimeout);
		long call = this.timeout.isZero() ? Long.MAX_VALUE : Time.nanos(this.timeout);
		return Math.min(attempt, call);
	}

	/**
	 * Returns a copy with another way of balancing.
	 * @param loadBalancing the way
	 * @return the copy
	 */
	public CallPolicy with(LoadBalancing loadBalancing) {
		return new CallPolicy(loadBalancing, this.retries, this.outliers, this.timeout, this.attemptTimeout,
				this.maxCalls, this.maxPending);
	}

}
