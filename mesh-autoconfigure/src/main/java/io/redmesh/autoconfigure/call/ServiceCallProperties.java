package io.redmesh.autoconfigure.call;

import java.time.Duration;
import java.util.Map;

import io.redmesh.core.call.HedgePolicy;
import io.redmesh.core.call.RetryPolicy;
import io.redmesh.core.endpoint.EndpointSubset;
import io.redmesh.core.instance.Names;
import io.redmesh.core.loadbalance.LoadBalancing;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

import static io.redmesh.autoconfigure.call.Ranges.requirePercentile;
import static io.redmesh.autoconfigure.call.Ranges.requireRange;

/**
 * Settings of one service. What is not set is as for all services.
 *
 * @param loadBalancing Algorithm that picks an instance of the service.
 * @param hashKey Place of the hash key in a request of the service.
 * @param sessionCookie Name of the cookie by which a request asks for the instance that
 * has served it before. Responses of another instance set it, for the app to pass on.
 * @param timeout Timeout of a call with all its attempts, until the response begins. Zero
 * means no timeout.
 * @param attemptTimeout Timeout of one attempt, until the response begins. Zero means no
 * timeout but that of the call.
 * @param maxConcurrentCalls Number of calls of the service that may be in flight at a
 * time. Zero means any number.
 * @param maxPendingCalls Number of further calls that may wait in a queue. Zero means no
 * queue.
 * @param maxAttempts Number of attempts that one call may make in all.
 * @param hedgeAfter Time after which an unanswered WebClient call is hedged. Zero means
 * never, unless there is a percentile.
 * @param hedgePercentile Percentile of the latency of calls after which a call is hedged,
 * or 0 for none.
 * @param labels Labels that an instance must have for this app to call it, such as
 * version=v2. A call fails if no instance has them all. By default any instance is
 * called.
 */
public record ServiceCallProperties(@Nullable LoadBalancing loadBalancing, @Nullable String hashKey,
		@Nullable String sessionCookie, @Nullable Duration timeout, @Nullable Duration attemptTimeout,
		@Nullable Integer maxConcurrentCalls, @Nullable Integer maxPendingCalls, @Nullable Integer maxAttempts,
		@Nullable Duration hedgeAfter, @Nullable Integer hedgePercentile, @DefaultValue Map<String, String> labels) {

	static final ServiceCallProperties LIKE_ALL = new ServiceCallProperties(null, null, null, null, null, null, null,
			null, null, null, Map.of());

	public ServiceCallProperties {
		if (hashKey != null) {
			HashKey.parse(hashKey);
		}
		if (sessionCookie != null) {
			StickyCookie.requireCookieName(sessionCookie);
		}
		requireRange("timeout", timeout, CallProperties.MAX_TIMEOUT);
		requireRange("attemptTimeout", attemptTimeout, CallProperties.MAX_TIMEOUT);
		requireRange("maxConcurrentCalls", maxConcurrentCalls, 0, CallProperties.MAX_CALLS);
		requireRange("maxPendingCalls", maxPendingCalls, 0, CallProperties.MAX_CALLS);
		requireRange("maxAttempts", maxAttempts, 1, RetryPolicy.MAX_ATTEMPTS);
		requireRange("hedgeAfter", hedgeAfter, CallProperties.MAX_TIMEOUT);
		requirePercentile(hedgePercentile);
		Names.requireEntries("labels", labels, Names.MAX_LABEL);
		labels = Map.copyOf(labels);
	}

	/** Returns the subset of the service's instances that is called, or null for all. */
	@Nullable EndpointSubset subset() {
		return this.labels.isEmpty() ? null : new EndpointSubset("", this.labels);
	}

	RetryPolicy retryPolicy(RetryPolicy retries) {
		RetryPolicy own = (this.maxAttempts != null) ? retries.withMaxAttempts(this.maxAttempts) : retries;
		HedgePolicy hedging = retries.hedging();
		return own.with(new HedgePolicy((this.hedgeAfter != null) ? this.hedgeAfter : hedging.after(),
				(this.hedgePercentile != null) ? this.hedgePercentile : hedging.percentile()));
	}

}
