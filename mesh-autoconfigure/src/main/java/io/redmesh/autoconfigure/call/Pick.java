package io.redmesh.autoconfigure.call;

import io.redmesh.core.call.CallTerms;
import io.redmesh.core.call.Destination;
import io.redmesh.core.call.NoEndpointException;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.instance.Instance;

/**
 * The instance picked for a caller that sends the request itself. The call counts as in
 * flight, and the mesh learns its outcome, only if the caller begins it here and reports
 * how it ended.
 * <p>
 * For one call only.
 */
public final class Pick {

	private final HttpCalls calls;

	private final Destination destination;

	private final CallTerms terms;

	private final Endpoint endpoint;

	Pick(HttpCalls calls, Destination destination, CallTerms terms, Endpoint endpoint) {
		this.calls = calls;
		this.destination = destination;
		this.terms = terms;
		this.endpoint = endpoint;
	}

	/**
	 * Returns the instance to call.
	 * @return the instance
	 */
	public Instance instance() {
		return this.endpoint.instance();
	}

	/**
	 * Begins the call, at most once.
	 * @return the call, which has one attempt only
	 * @throws NoEndpointException if all permits are taken
	 */
	public HttpCall begin() throws NoEndpointException {
		return this.calls.begin(this.destination.plan(this.terms.pinnedTo(this.endpoint)), null, null, null);
	}

}
