package io.redmesh.core.traffic;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The policy of retries of a route.
 *
 * @param attempts the number of retries, so that a call makes at most one attempt more; 0
 * for none
 * @param perTryTimeout how long one attempt may take; null for the timeout of the call
 * @param on the ends of an attempt that permit a retry
 * @param backoff the longest wait before the first retry
 * @param otherEndpoints whether a retry avoids endpoints that were tried before
 */
public record RetryRule(int attempts, @Nullable Duration perTryTimeout, RetryOn on, Duration backoff,
		boolean otherEndpoints) {

	/** The backoff of a rule that names none, as in Envoy. */
	public static final Duration DEFAULT_BACKOFF = Duration.ofMillis(25);

}
