package io.redmesh.core.call;

import io.redmesh.core.endpoint.EndpointPool;

/**
 * Is told which services this app calls, on the thread of the first call; must not hold
 * it up.
 */
public interface CallListener {

	/**
	 * A service is called for the first time.
	 * @param pool the endpoints of the service
	 */
	void firstCalled(EndpointPool pool);

	/**
	 * A service has gone and is forgotten, with everything that calls of it have taught.
	 * @param service its name
	 */
	void forgotten(String service);

}
