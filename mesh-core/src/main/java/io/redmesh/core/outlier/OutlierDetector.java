package io.redmesh.core.outlier;

import io.redmesh.core.endpoint.Ejection;
import io.redmesh.core.endpoint.EjectionCause;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.Result;

/**
 * Judges the endpoints of one service by how attempts end, and asks the pool to eject
 * those that are worse than their peers: after consecutive failures and by the failure
 * percentage (Envoy's outlier detection), at once when nobody can connect, when an
 * endpoint refuses most of what its peers accept, and when most of its answers are
 * failures of a service behind it that its peers can call. It only asks: how many may be
 * ejected, and for how long, is the pool's to decide.
 * <p>
 * Safe for use by many threads; takes no lock as long as nobody fails.
 */
public final class OutlierDetector {

	/** The share of attempts that must be refused or relayed to be compared. */
	private static final double SHARE = 0.5;

	/** Peers that refuse or relay more than this share make it usual. */
	private static final double USUAL_SHARE = 0.1;

	private final EndpointPool pool;

	private final OutlierPolicy policy;

	/**
	 * Creates a detector.
	 * @param pool the endpoints that are compared
	 * @param policy what makes an outlier
	 */
	public OutlierDetector(EndpointPool pool, OutlierPolicy policy) {
		this.pool = pool;
		this.policy = policy;
	}

	/**
	 * An attempt has ended.
	 * @param endpoint where it went
	 * @param result what its end says about the endpoint
	 * @param started the monotonic time at which it began
	 * @param nanos the monotonic time now
	 */
	public void ended(Endpoint endpoint, Result result, long started, long nanos) {
		int inARow = endpoint.count(result, nanos);
		switch (result) {
			case SUCCESS -> endpoint.restore(started, nanos);
			case UNREACHABLE -> endpoint.eject(EjectionCause.UNREACHABLE, started, nanos);
			case CERTIFICATE -> endpoint.eject(EjectionCause.CERTIFICATE, started, nanos);
			case FAILURE -> failed(endpoint, inARow, started, nanos);
			case REJECTION -> compare(endpoint, result, EjectionCause.REJECTION_SHARE, started, nanos);
			case RELAY -> compare(endpoint, result, EjectionCause.RELAY_SHARE, started, nanos);
			case NOTHING -> {
				// Nothing to learn.
			}
		}
	}

	private void failed(Endpoint endpoint, int inARow, long started, long nanos) {
		// Who is ejected was probed, or called because there was nobody else.
		boolean inARowMatters = this.policy.consecutiveFailures() > 0;
		if (endpoint.isEjected() || (inARowMatters && inARow >= this.policy.consecutiveFailures())) {
			endpoint.eject(EjectionCause.CONSECUTIVE_FAILURES, started, nanos);
		}
		else if (this.policy.failureShare() > 0) {
			int attempts = endpoint.attempts(nanos);
			if (attempts >= this.policy.minimumAttempts()
					&& endpoint.failures(nanos) >= this.policy.failureShare() * attempts) {
				endpoint.eject(EjectionCause.FAILURE_SHARE, started, nanos);
			}
		}
	}

	/**
	 * Holds against an endpoint what it does much more often than its peers. What all of
	 * them do has its cause elsewhere: in what is asked of them, or in a service behind
	 * them.
	 */
	private void compare(Endpoint endpoint, Result result, EjectionCause cause, long started, long nanos) {
		int attempts = endpoint.attempts(nanos);
		boolean often = attempts >= this.policy.minimumAttempts()
				&& endpoint.compared(result, nanos) >= SHARE * attempts;
		// A probe is one attempt, and says whether the reason is still there.
		Ejection ejection = endpoint.ejection();
		boolean again = ejection != null && ejection.cause() == cause;
		if ((often || again) && peersDoSeldom(endpoint, result, nanos)) {
			endpoint.eject(cause, started, nanos);
		}
		else if (!often) {
			endpoint.restore(started, nanos);
		}
	}

	private boolean peersDoSeldom(Endpoint endpoint, Result result, long nanos) {
		int attempts = 0;
		int count = 0;
		for (Endpoint peer : this.pool.all()) {
			if (peer != endpoint) {
				attempts += peer.attempts(nanos);
				count += peer.compared(result, nanos);
			}
		}
		return attempts >= this.policy.minimumAttempts() && count < USUAL_SHARE * attempts;
	}

}
