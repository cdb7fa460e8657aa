package io.redmesh.core.call;

import java.time.Duration;

import io.redmesh.core.endpoint.EndpointSubset;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.outlier.OutlierPolicy;
import io.redmesh.core.time.Time;
import io.redmesh.core.traffic.Forward;
import io.redmesh.core.traffic.HashKey;
import io.redmesh.core.traffic.RetryRule;
import org.jspecify.annotations.Nullable;

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
 * @param subset the subset of the service's instances that is called; null for all
 * @param hashKey the part of a request that a rule makes the hash key; null for none
 */
public record CallPolicy(LoadBalancing loadBalancing, RetryPolicy retries, OutlierPolicy outliers, Duration timeout,
		Duration attemptTimeout, int maxCalls, int maxPending, @Nullable EndpointSubset subset,
		@Nullable HashKey hashKey) {

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
	 * Creates the policy of calls to all instances of a service.
	 * @param loadBalancing the algorithm that picks among the endpoints
	 * @param retries the policy of retries and hedges
	 * @param outliers the thresholds from which on an endpoint is an outlier
	 * @param timeout the timeout of a call, zero for none
	 * @param attemptTimeout the timeout of an attempt, zero for that of the call
	 * @param maxCalls the number of calls that may be in flight, zero for any number
	 * @param maxPending the number of further calls that may wait in the queue
	 */
	public CallPolicy(LoadBalancing loadBalancing, RetryPolicy retries, OutlierPolicy outliers, Duration timeout,
			Duration attemptTimeout, int maxCalls, int maxPending) {
		this(loadBalancing, retries, outliers, timeout, attemptTimeout, maxCalls, maxPending, null, null);
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
	 * Returns a copy for calls that take a route. What the route does not say stays.
	 * Where it sets the timeout of a call alone, an attempt may take as long, as in
	 * Istio.
	 * @param route the action of the route
	 * @return the copy
	 */
	CallPolicy routed(Forward route) {
		Duration limit = route.timeout();
		RetryRule rule = route.retries();
		if (limit == null && rule == null) {
			return this;
		}
		Duration ofAttempt = (rule != null) ? rule.perTryTimeout() : null;
		if (ofAttempt == null) {
			ofAttempt = (limit != null) ? Duration.ZERO : this.attemptTimeout;
		}
		return new CallPolicy(this.loadBalancing, (rule != null) ? this.retries.routed(rule) : this.retries,
				this.outliers, (limit != null) ? limit : this.timeout, ofAttempt, this.maxCalls, this.maxPending,
				this.subset, this.hashKey);
	}

	/**
	 * Returns a copy with another load balancing algorithm.
	 * @param loadBalancing the algorithm
	 * @return the copy
	 */
	public CallPolicy with(LoadBalancing loadBalancing) {
		return new CallPolicy(loadBalancing, this.retries, this.outliers, this.timeout, this.attemptTimeout,
				this.maxCalls, this.maxPending, this.subset, this.hashKey);
	}

	/**
	 * Returns a copy for a subset of the instances.
	 * @param subset the subset, or null for all instances
	 * @return the copy
	 */
	public CallPolicy with(@Nullable EndpointSubset subset) {
		return new CallPolicy(this.loadBalancing, this.retries, this.outliers, this.timeout, this.attemptTimeout,
				this.maxCalls, this.maxPending, subset, this.hashKey);
	}

}
