package io.redmesh.autoconfigure.call;

import java.net.URI;
import java.util.Set;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.redmesh.core.call.CallPlan;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.call.NoEndpointException;
import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/**
 * Begins the HTTP calls of this app that go to services of the mesh.
 * <p>
 * Safe for use by many threads.
 */
public final class HttpCalls {

	/** Names the service that a request is meant for, since addresses get reused. */
	public static final String DESTINATION = "Mesh-Destination";

	private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

	// RFC 9110, section 9.2.2
	private static final Set<HttpMethod> IDEMPOTENT = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS,
			HttpMethod.TRACE, HttpMethod.PUT, HttpMethod.DELETE);

	private final CallPlanner planner;

	private final ObservationRegistry observations;

	/**
	 * Creates the beginning of all calls.
	 * @param planner decides where they go
	 * @param observations is told of each attempt
	 */
	public HttpCalls(CallPlanner planner, ObservationRegistry observations) {
		this.planner = planner;
		this.observations = observations;
	}

	/**
	 * Begins a call with its first attempt.
	 * @param uri what is called
	 * @param method the method of the request
	 * @param headers the headers of the request
	 * @param parent what the attempts are observed under, or null for whatever is current
	 * @return the call, or null if the host is no service of the mesh, so that the
	 * request passes as it is
	 * @throws NoEndpointException if the service has nobody to call
	 */
	public @Nullable HttpCall begin(URI uri, HttpMethod method, HttpHeaders headers, @Nullable Observation parent)
			throws NoEndpointException {
		String host = uri.getHost();
		return (host != null) ? begin(host, isIdempotent(method, headers), parent) : null;
	}

	/**
	 * Begins a call with its first attempt.
	 * @param service the name of the service that is called
	 * @param idempotent whether doing it twice does no harm
	 * @param parent what the attempts are observed under, or null for whatever is current
	 * @return the call, or null if there is no such service in the mesh
	 * @throws NoEndpointException if the service has nobody to call
	 */
	public @Nullable HttpCall begin(String service, boolean idempotent, @Nullable Observation parent)
			throws NoEndpointException {
		CallPlan plan = this.planner.plan(service, idempotent);
		return (plan != null) ? new HttpCall(plan, this.observations, parent) : null;
	}

	/**
	 * Picks an instance for somebody who makes the call alone.
	 * @param service the name of the service that is called
	 * @return the instance, or null if there is no such service in the mesh
	 * @throws NoEndpointException if the service has nobody to call
	 */
	public @Nullable Instance pick(String service) throws NoEndpointException {
		CallPlan plan = this.planner.plan(service, false);
		return (plan != null) ? plan.only() : null;
	}

	private static boolean isIdempotent(HttpMethod method, HttpHeaders headers) {
		return IDEMPOTENT.contains(method) || headers.containsHeader(IDEMPOTENCY_KEY);
	}

}
