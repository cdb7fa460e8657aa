package io.redmesh.core.outlier;

import io.redmesh.core.endpoint.Ejection;
import io.redmesh.core.endpoint.EjectionCause;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointSubset;
import io.redmesh.core.endpoint.Result;
import org.jspecify.annotations.Nullable;

/**
 * An outlier detector for the endpoints of one service, or of one subset. From the ends
 * of attempts it finds endpoints that are worse than their peers, and asks the pool to
 * eject them. An endpoint is an outlier after consecutive failures or by its failure
 * percentage (Envoy's outlier detection), and at once if no connection can be made or its
 * certificate fails. So is an endpoint that refuses most of what its peers accept, or
 * most of whose responses are failures of a service behind it that its peers can call.
 * The detector only asks: the pool decides how many endpoints may be ejected, and for how
 * long.
 * <p>
 * Safe for use by many threads; takes no lock as long as no attempt fails.
 */
public final class OutlierDetector {

	/**
	 * The share of an endpoint's attempts from which on refusals or relays are compared.
	 */
	private static final double SHARE = 0.5;

	/** The share of the peers' attempts from which on refusals or relays are usual. */
	private static final double USUAL_SHARE = 0.1;

	private final EndpointPool pool;

	private final @Nullable EndpointSubset subset;

	private final OutlierPolicy policy;

	/**
	 * Creates a detector.
	 * @param pool the endpoints of the service
	 * @param subset the subset whose endpoints are compared; null for all endpoints
	 * @param policy the thresholds from which on an endpoint is an outlier
	 */
	public OutlierDetector(EndpointPool pool, @Nullable EndpointSubset subset, OutlierPolicy policy) {
		this.pool = pool;
		this.subset = subset;
		this.policy = policy;
	}

	/**
	 * Records the end of an attempt, and ejects or restores its endpoint accordingly.
	 * @param endpoint the endpoint of the attempt
	 * @param result the result of the attempt for the endpoint
	 * @param started the monotonic time at which the attempt began
	 * @param nanos the monotonic time now
	 */
	public void ended(Endpoint endpoint, Result result, long started, long nanos) {
		int inARow = endpoint.count(result, nanos);
		switch (result) {
			case SUCCESS -> endpoint.restore(started, nanos);
			case UNREACHABLE -> endpoint.eject(EjectionCause.UNREACHABLE, this.subset, started, nanos);
			case CERTIFICATE -> endpoint.eject(EjectionCause.CERTIFICATE, this.subset, started, nanos);
			case FAILURE, GATEWAY_FAILURE -> failed(endpoint, isTooMany(endpoint, inARow), started, nanos);
			case UNANSWERED -> failed(endpoint, isTooManyUnanswered(endpoint, inARow), started, nanos);
			case REJECTION -> compare(endpoint, result, EjectionCause.REJECTION_SHARE, started, nanos);
			case RELAY -> compare(endpoint, result, EjectionCause.RELAY_SHARE, started, nanos);
			case NOTHING -> {
				// The result says nothing about the endpoint.
			}
		}
	}

	private boolean isTooManyUnanswered(Endpoint endpoint, int inARow) {
		Integer most = this.policy.consecutiveUnanswered();
		return (most != null) ? reaches(most, endpoint.unansweredInARow()) : isTooMany(endpoint, inARow);
	}

	private boolean isTooMany(Endpoint endpoint, int inARow) {
		return reaches(this.policy.consecutiveFailures(), inARow)
				|| reaches(this.policy.consecutiveGatewayFailures(), endpoint.gatewayFailuresInARow());
	}

	private static boolean reaches(int threshold, int inARow) {
		return threshold > 0 && inARow >= threshold;
	}

	private void failed(Endpoint endpoint, boolean tooManyInARow, long started, long nanos) {
		// An ejected endpoint was probed, or called because there was no other.
		if (endpoint.isEjected() || tooManyInARow) {
			endpoint.eject(EjectionCause.CONSECUTIVE_FAILURES, this.subset, started, nanos);
		}
		else if (this.policy.failureShare() > 0) {
			int attempts = endpoint.attempts(nanos);
			if (attempts >= this.policy.minimumAttempts()
					&& endpoint.failures(nanos) >= this.policy.failureShare() * attempts) {
				endpoint.eject(EjectionCause.FAILURE_SHARE, this.subset, started, nanos);
			}
		}
	}

	/**
	 * Ejects an endpoint that refuses or relays much more often than its peers. What all
	 * of them do has its cause elsewhere: in the requests, or in a service behind them.
	 */
	private void compare(Endpoint endpoint, Result result, EjectionCause cause, long started, long nanos) {
		int attempts = endpoint.attempts(nanos);
		boolean often = attempts >= this.policy.minimumAttempts()
				&& endpoint.compared(result, nanos) >= SHARE * attempts;
		// A probe is a single attempt, and shows whether the cause persists.
		Ejection ejection = endpoint.ejection();
		boolean again = ejection != null && ejection.cause() == cause;
		if ((often || again) && peersDoSeldom(endpoint, result, nanos)) {
			endpoint.eject(cause, this.subset, started, nanos);
		}
		else if (!often) {
			endpoint.restore(started, nanos);
		}
	}

	private boolean peersDoSeldom(Endpoint endpoint, Result result, long nanos) {
		int attempts = 0;
		int count = 0;
		for (Endpoint peer : this.pool.subset(this.subset).all()) {
			if (peer != endpoint) {
				attempts += peer.attempts(nanos);
				count += peer.compared(result, nanos);
			}
		}
		return attempts >= this.policy.minimumAttempts() && count < USUAL_SHARE * attempts;
	}

}
