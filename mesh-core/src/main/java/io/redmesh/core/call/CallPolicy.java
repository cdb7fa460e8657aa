package io.redmesh.core.call;

import java.time.Duration;

import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.outlier.OutlierPolicy;
import io.redmesh.core.time.Time;

/**
 * The policy of calls to one destination.
 *
 * @param loadBalancing the algorithm that picks among the endpoints
 * @param retries the policy of retries and hedges
 * @param outliers the thresholds from which on an endpoint is an outlier
 * @param timeout how long a call may take with all its attempts until the response
 * begins, zero for no limit
 * @param attemptTimeout how long one attempt may take until the response begins, zero for
 * the timeout of the call
 * @param maxCalls the number of calls that may be in flight, zero for any number
 * @param maxPending the number of further calls that may wait in the queue
 */
public record CallPolicy(LoadBalancing loadBalancing, RetryPolicy retries, OutlierPolicy outliers, Duration timeout,
		Duration attemptTimeout, int maxCalls, int maxPending) {

	/** The default policy. */
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
	 * Returns the regular time of an attempt that no deadline cuts short.
	 * @return nanoseconds, {@link Long#MAX_VALUE} for no limit
	 */
	long attemptNanos() {
		long attempt = this.attemptTimeout.isZero() ? Long.MAX_VALUE : Time.nanos(this.attemptTimeout);
		long call = this.timeout.isZero() ? Long.MAX_VALUE : Time.nanos(this.timeout);
		return Math.min(attempt, call);
	}

	/**
	 * Returns a copy with another load balancing algorithm.
	 * @param loadBalancing the algorithm
	 * @return the copy
	 */
	public CallPolicy with(LoadBalancing loadBalancing) {
		return new CallPolicy(loadBalancing, this.retries, this.outliers, this.timeout, this.attemptTimeout,
				this.maxCalls, this.maxPending);
	}

}
