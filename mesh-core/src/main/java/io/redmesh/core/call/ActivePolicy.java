package io.redmesh.core.call;

import java.time.Duration;
import java.util.Objects;

import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.Requirement;
import io.redmesh.core.endpoint.Result;
import io.redmesh.core.outlier.OutlierDetector;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;

/**
 * The policy of a destination that is in force, with what is made from it. A new policy
 * replaces it as a whole; a call keeps the one that it began with.
 * <p>
 * Safe for use by many threads.
 */
final class ActivePolicy {

	/** The least latency of a failure: a fast failure never counts as a fast response. */
	private static final long MIN_FAILURE_LATENCY = Duration.ofMillis(10).toNanos();

	private final CallPolicy policy;

	private final Pickers pickers;

	private final OutlierDetector outliers;

	private final @Nullable LatencyPercentile latencies;

	/**
	 * Creates the policy.
	 * @param policy the settings
	 * @param pickers the pickers that follow them
	 * @param pool the endpoints of the service
	 * @param latencies the latencies of the destination; null unless hedges depend on a
	 * percentile
	 */
	ActivePolicy(CallPolicy policy, Pickers pickers, EndpointPool pool, @Nullable LatencyPercentile latencies) {
		this.policy = policy;
		this.pickers = pickers;
		this.outliers = new OutlierDetector(pool, policy.subset(), policy.outliers());
		this.latencies = latencies;
	}

	/** Returns the settings. */
	CallPolicy settings() {
		return this.policy;
	}

	/**
	 * Returns the pickers, if they also follow another policy.
	 * @param policy the other policy
	 * @return the pickers, or null if that policy needs others
	 */
	@Nullable Pickers pickersFor(CallPolicy policy) {
		boolean same = policy.loadBalancing() == this.policy.loadBalancing()
				&& Objects.equals(policy.subset(), this.policy.subset());
		return same ? this.pickers : null;
	}

	/**
	 * Returns the picker for the endpoints that meet a requirement.
	 * @param requirement the requirement in the URI of a call, or null
	 * @return the picker
	 */
	Picker picker(@Nullable Requirement requirement) {
		return this.pickers.picker(requirement);
	}

	/**
	 * Returns how long the first attempt may be unanswered before a hedge is sent.
	 * @param now the monotonic time
	 * @return nanoseconds, 0 for no hedge
	 */
	long hedgeAfter(long now) {
		HedgePolicy hedging = this.policy.retries().hedging();
		long least = Time.nanos(hedging.after());
		return (this.latencies != null) ? Math.max(least, this.latencies.value(hedging.percentile(), now)) : least;
	}

	/**
	 * Learns from the outcome of an attempt.
	 * @param ended the attempt
	 * @param outcome the outcome
	 * @param status the status of the response, 0 for none
	 * @param now the monotonic time
	 */
	void learn(Attempt ended, Outcome outcome, int status, long now) {
		ended.decide(outcome.isAnswer(), now);
		// The caller gave up before the instance had its regular time.
		boolean cutShort = outcome == Outcome.TIMED_OUT && ended.isCutShort();
		Outcome learned = cutShort ? Outcome.ABANDONED : outcome;
		long elapsed = Math.max(0, now - ended.started());
		Result result = learned.result(status);
		learnLatency(ended.endpoint(), result, learned == Outcome.ABANDONED, elapsed, now);
		this.outliers.ended(ended.endpoint(), result, ended.started(), now);
		if (this.latencies != null && ended.number() == 1 && !cutShort) {
			// The duration of an abandoned or failed attempt counts only if it is longer
			// than most.
			long usually = this.latencies.value(this.policy.retries().hedging().percentile(), now);
			if (result == Result.SUCCESS || (usually >= 0 && elapsed >= usually)) {
				this.latencies.add(elapsed, now);
			}
		}
	}

	private static void learnLatency(Endpoint endpoint, Result result, boolean abandoned, long elapsed, long now) {
		if (result == Result.SUCCESS || result == Result.REJECTION) {
			endpoint.answered(elapsed, now);
		}
		else if (result.isFailure() || result == Result.RELAY) {
			endpoint.answeredAfter(Math.max(elapsed, MIN_FAILURE_LATENCY), now);
		}
		else if (abandoned && elapsed > endpoint.latency(now)) {
			// The response would have taken longer still.
			endpoint.answeredAfter(elapsed, now);
		}
	}

}
