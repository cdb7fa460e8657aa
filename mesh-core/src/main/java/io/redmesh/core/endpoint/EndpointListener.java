package io.redmesh.core.endpoint;

import java.time.Duration;

/**
 * Is told of endpoints that are ejected and come back, on the thread of a call; must not
 * hold it up.
 */
public interface EndpointListener {

	/**
	 * An endpoint gets no calls for a while. Told once, however many probes fail until it
	 * is restored.
	 * @param endpoint the endpoint
	 * @param cause why
	 * @param until the next probe
	 */
	void ejected(Endpoint endpoint, EjectionCause cause, Duration until);

	/**
	 * An ejected endpoint stays ejected, since a probe failed or a worse cause was found.
	 * @param endpoint the endpoint
	 * @param cause why
	 */
	default void stillEjected(Endpoint endpoint, EjectionCause cause) {
		// No transition, and for most listeners no news.
	}

	/**
	 * An endpoint gets calls again.
	 * @param endpoint the endpoint
	 */
	void restored(Endpoint endpoint);

}
