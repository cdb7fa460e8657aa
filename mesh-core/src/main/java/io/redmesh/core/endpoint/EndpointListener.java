package io.redmesh.core.endpoint;

import java.time.Duration;

/**
 * A listener for ejected and restored endpoints, called on the thread of a call; it must
 * not block.
 */
public interface EndpointListener {

	/**
	 * Handles the ejection of an endpoint. It is called once, however many probes fail
	 * until the endpoint is restored.
	 * @param endpoint the endpoint
	 * @param cause the cause
	 * @param until the time until the next probe
	 */
	void ejected(Endpoint endpoint, EjectionCause cause, Duration until);

	/**
	 * Handles an ejection that continues, after a failed probe or for a worse cause.
	 * @param endpoint the endpoint
	 * @param cause the cause
	 */
	default void stillEjected(Endpoint endpoint, EjectionCause cause) {
		// No transition; most listeners ignore it.
	}

	/**
	 * Handles the restoration of an endpoint, which gets calls again.
	 * @param endpoint the endpoint
	 */
	void restored(Endpoint endpoint);

}
