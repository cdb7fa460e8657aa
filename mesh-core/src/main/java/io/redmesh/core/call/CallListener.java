package io.redmesh.core.call;

import io.redmesh.core.endpoint.EndpointPool;

/**
 * A listener for the services that this app calls, called on the thread of the first
 * call; it must not block.
 */
public interface CallListener {

	/**
	 * Handles the first call of a service.
	 * @param pool the endpoints of the service
	 */
	void firstCalled(EndpointPool pool);

	/**
	 * Handles the removal of a service that is gone: all beliefs about it are forgotten.
	 * @param service its name
	 */
	void forgotten(String service);

}
