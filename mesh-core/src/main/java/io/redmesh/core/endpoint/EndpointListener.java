package io.redmesh.core.endpoint;

import java.time.Duration;

/**
 * Is told of endpoints that are ejected and come back, on the thread of a call; must not
 * hold it up.
 */
public interface EndpointListener {

	/**
	 * An endpoint gets no calls for a while; again after each probe that failed.
	 * @param endpoint the endpoint
	 * @param cause why
	 * @param until the next probe
	 */
	void ejected(Endpoint endpoint, EjectionCause cause, Duration until);

	/**
	 * An endpoint gets calls again.
	 * @param endpoint the endpoint
	 */
	void restored(Endpoint endpoint);

}
