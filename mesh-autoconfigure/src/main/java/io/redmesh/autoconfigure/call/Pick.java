package io.redmesh.autoconfigure.call;

import io.redmesh.core.call.CallPlan;
import io.redmesh.core.call.NoEndpointException;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.instance.Instance;

/**
 * Whom somebody is to call who makes the call alone. Nothing is under way, and nothing is
 * learned, unless they begin it here and say how it ended.
 * <p>
 * For one call only.
 */
public final class Pick {

	private final HttpCalls calls;

	private final CallPlan plan;

	private final Endpoint endpoint;

	Pick(HttpCalls calls, CallPlan plan, Endpoint endpoint) {
		this.calls = calls;
		this.plan = plan;
		this.endpoint = endpoint;
	}

	/**
	 * Returns whom to call.
	 * @return the instance
	 */
	public Instance instance() {
		return this.endpoint.instance();
	}

	/**
	 * The call begins, at most once.
	 * @return the call, which has one attempt only
	 * @throws NoEndpointException if there are as many calls as are permitted
	 */
	public HttpCall begin() throws NoEndpointException {
		return this.calls.begin(this.plan, this.endpoint);
	}

}
