package io.redmesh.autoconfigure.call;

import java.net.URI;
import java.util.Map;
import java.util.Set;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.redmesh.autoconfigure.discovery.FirstSnapshot;
import io.redmesh.core.call.CallPlan;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.call.CallTerms;
import io.redmesh.core.call.NoEndpointException;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/**
 * Begins the HTTP calls of this app that go to services of the mesh.
 * <p>
 * Safe for use by many threads.
 */
public final class HttpCalls {

	private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

	// RFC 9110, section 9.2.2
	private static final Set<HttpMethod> IDEMPOTENT = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS,
			HttpMethod.TRACE, HttpMethod.PUT, HttpMethod.DELETE);

	private final CallPlanner planner;

	private final MeshHosts hosts;

	private final HashKeys hashKeys;

	private final Map<String, String> sessionCookies;

	private final ResponseClassifier responseClassifier;

	private final long maxBodySize;

	private final ObservationRegistry observations;

	private final FirstSnapshot firstSnapshot;

	/**
	 * Creates the beginning of all calls, none of which belong together.
	 * @param planner decides where they go
	 * @param unavailable the statuses of answers after which others may do better
	 * @param time the clock by which dates in answers are understood
	 * @param observations is told of each attempt
	 */
	public HttpCalls(CallPlanner planner, Set<Integer> unavailable, Time time, ObservationRegistry observations) {
		this(planner, HashKeys.NONE, Map.of(), new ResponseClassifier(unavailable, false, time), Long.MAX_VALUE,
				observations);
	}

	HttpCalls(CallPlanner planner, HashKeys hashKeys, Map<String, String> sessionCookies,
			ResponseClassifier responseClassifier, long maxBodySize, ObservationRegistry observations) {
		this(planner, new MeshHosts(Set.of()), hashKeys, sessionCookies, responseClassifier, maxBodySize, observations,
				FirstSnapshot.NONE);
	}

	/**
	 * Creates the beginning of all calls.
	 * @param planner decides where they go
	 * @param hosts tells which of them are for the mesh
	 * @param hashKeys where requests say what they belong together with
	 * @param sessionCookies the cookies by which requests ask for an instance, by the
	 * names of services
	 * @param responseClassifier understands answers
	 * @param maxBodySize the size in bytes of the largest body that is sent again after
	 * it may have been received
	 * @param observations is told of each attempt
	 * @param firstSnapshot what calls wait for before they are planned
	 */
	HttpCalls(CallPlanner planner, MeshHosts hosts, HashKeys hashKeys, Map<String, String> sessionCookies,
			ResponseClassifier responseClassifier, long maxBodySize, ObservationRegistry observations,
			FirstSnapshot firstSnapshot) {
		this.planner = planner;
		this.hosts = hosts;
		this.hashKeys = hashKeys;
		this.sessionCookies = Map.copyOf(sessionCookies);
		this.responseClassifier = responseClassifier;
		this.maxBodySize = maxBodySize;
		this.observations = observations;
		this.firstSnapshot = firstSnapshot;
	}

	/**
	 * Returns what a driver waits for before it plans a call.
	 * @return the wait for the first list of services
	 */
	public FirstSnapshot firstSnapshot() {
		return this.firstSnapshot;
	}

	/**
	 * Plans a call.
	 * @param uri what is called
	 * @param method the method of the request
	 * @param headers the headers of the request
	 * @param attributes the attributes of the request, see {@link MeshClient#REPEATABLE}
	 * @param served the request that it is made for, or null
	 * @param parent what the attempts are observed under, or null for whatever is current
	 * @return the call, or null if the host is no service of the mesh, so that the
	 * request passes as it is
	 */
	public @Nullable PendingCall plan(URI uri, HttpMethod method, HttpHeaders headers, Map<String, Object> attributes,
			@Nullable ServedRequest served, @Nullable Observation parent) {
		CallPlan plan = this.hosts.plan(this.planner, uri, terms(isIdempotent(method, headers, attributes), served));
		if (plan == null) {
			return null;
		}
		HashKey where = this.hashKeys.of(plan.service());
		String key = (where != null) ? where.find(uri, headers, served) : null;
		if (key != null) {
			plan.hashKey(key);
		}
		String cookie = this.sessionCookies.get(plan.service());
		StickyCookie session = (cookie != null) ? StickyCookie.of(cookie, headers) : null;
		if (session != null) {
			plan.preferInstance(session.instance());
		}
		return new PendingCall(this, plan, session, served, parent);
	}

	/**
	 * Plans a call.
	 * @param service the name of the service that is called
	 * @param idempotent whether doing it twice does no harm
	 * @param served the request that it is made for, or null
	 * @param parent what the attempts are observed under, or null for whatever is current
	 * @return the call, or null if there is no such service in the mesh
	 */
	public @Nullable PendingCall plan(String service, boolean idempotent, @Nullable ServedRequest served,
			@Nullable Observation parent) {
		CallPlan plan = this.planner.planService(service, terms(idempotent, served));
		return (plan != null) ? new PendingCall(this, plan, null, served, parent) : null;
	}

	HttpCall begin(CallPlan plan, @Nullable StickyCookie session, @Nullable ServedRequest served,
			@Nullable Observation parent) throws NoEndpointException {
		return new HttpCall(plan, this.responseClassifier, this.maxBodySize, session, served, this.observations,
				parent);
	}

	private static CallTerms terms(boolean idempotent, @Nullable ServedRequest served) {
		if (served == null) {
			return idempotent ? CallTerms.IDEMPOTENT : CallTerms.ONCE;
		}
		return new CallTerms(idempotent, served.attempt() == 1, served.isLimited(), served.deadline());
	}

	/**
	 * Picks an instance for somebody who makes the call alone.
	 * @param service the name of the service that is called
	 * @return the pick, or null if there is no such service in the mesh
	 * @throws NoEndpointException if the service has nobody to call
	 */
	public @Nullable Pick pick(String service) throws NoEndpointException {
		CallPlan plan = this.planner.planService(service, CallTerms.ONCE);
		return (plan != null) ? new Pick(this, plan, plan.pick()) : null;
	}

	HttpCall begin(CallPlan plan, Endpoint picked) throws NoEndpointException {
		plan.pinTo(picked);
		return begin(plan, null, null, null);
	}

	/**
	 * Tells whether a call is planned by what the headers of its request say.
	 * @param uri what is called
	 * @return whether the headers must be known before
	 */
	public boolean readsHeaders(URI uri) {
		String host = uri.getHost();
		return host != null && (this.hashKeys.of(host) != null || this.sessionCookies.containsKey(host));
	}

	static boolean isIdempotent(HttpMethod method, HttpHeaders headers, Map<String, Object> attributes) {
		if (attributes.get(MeshClient.REPEATABLE) instanceof Boolean marked) {
			return marked;
		}
		return IDEMPOTENT.contains(method) || headers.containsHeader(IDEMPOTENCY_KEY);
	}

}
