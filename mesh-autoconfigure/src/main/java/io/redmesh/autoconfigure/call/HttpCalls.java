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
import io.redmesh.core.call.Destination;
import io.redmesh.core.call.NoEndpointException;
import io.redmesh.core.call.Routing;
import io.redmesh.core.endpoint.Requirement;
import io.redmesh.core.time.Time;
import io.redmesh.core.traffic.HostRoutes;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/**
 * The factory of this app's HTTP calls to services of the mesh.
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
	 * Creates a factory of calls without hash keys and sticky sessions.
	 * @param planner the planner, which picks the instances
	 * @param unavailable the response statuses after which another instance may do better
	 * @param time the clock against which dates in responses are read
	 * @param observations the registry that observes each attempt
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
	 * Creates a factory of calls.
	 * @param planner the planner, which picks the instances
	 * @param hosts the rule that decides which requests are for the mesh
	 * @param hashKeys the places of the hash keys in requests
	 * @param sessionCookies the cookies by which requests ask for an instance, by the
	 * names of services
	 * @param responseClassifier the classifier of responses
	 * @param maxBodySize the size in bytes of the largest body that is sent again after
	 * an attempt that may have been executed
	 * @param observations the registry that observes each attempt
	 * @param firstSnapshot the wait before calls are planned
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
	 * Returns the wait of a driver before it plans a call.
	 * @return the wait for the first list of services
	 */
	public FirstSnapshot firstSnapshot() {
		return this.firstSnapshot;
	}

	/**
	 * Plans a call.
	 * @param uri the URI of the request
	 * @param method the method of the request
	 * @param headers the headers of the request
	 * @param attributes the attributes of the request, see {@link MeshClient#REPEATABLE}
	 * @param served the request that this app serves with the call, or null
	 * @param parent the parent of the attempts' observations, or null for the current one
	 * @return the call, or null if the host is no service of the mesh, so that the
	 * request passes as it is
	 */
	public @Nullable PendingCall plan(URI uri, HttpMethod method, HttpHeaders headers, Map<String, Object> attributes,
			@Nullable ServedRequest served, @Nullable Observation parent) {
		Requirement requirement = MeshHosts.requirement(uri);
		Routing routing = route(uri, method, headers, requirement);
		Destination destination = (routing != null) ? routing.destination()
				: this.hosts.destination(this.planner, uri, requirement);
		if (destination == null) {
			return null;
		}
		CallTerms terms = terms(isIdempotent(method, headers, attributes), served);
		if (routing != null) {
			terms = terms.routed(routing);
		}
		else if (requirement != null) {
			terms = terms.requiring(requirement);
		}
		String key = this.hashKeys.find(destination, uri, method, headers, served);
		if (key != null) {
			terms = terms.withHashKey(key);
		}
		String cookie = this.sessionCookies.get(destination.service());
		StickyCookie session = (cookie != null) ? StickyCookie.of(cookie, headers) : null;
		if (session != null) {
			terms = terms.preferring(session.instance());
		}
		return new PendingCall(this, destination.plan(terms), session, served, parent);
	}

	// Nothing is made for a request that no rule concerns, as nearly always.
	private @Nullable Routing route(URI uri, HttpMethod method, HttpHeaders headers,
			@Nullable Requirement requirement) {
		HostRoutes routes = this.hosts.routes(this.planner, uri);
		return (routes != null)
				? this.planner.route(uri.getHost(), routes, requirement, new HttpFacts(uri, method, headers)) : null;
	}

	/**
	 * Plans a call.
	 * @param service the name of the service that is called
	 * @param idempotent whether the call may run twice without harm
	 * @param served the request that this app serves with the call, or null
	 * @param parent the parent of the attempts' observations, or null for the current one
	 * @return the call, or null if there is no such service in the mesh
	 */
	public @Nullable PendingCall plan(String service, boolean idempotent, @Nullable ServedRequest served,
			@Nullable Observation parent) {
		Destination destination = this.planner.service(service);
		return (destination != null)
				? new PendingCall(this, destination.plan(terms(idempotent, served)), null, served, parent) : null;
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
		return new CallTerms(idempotent, served.attempt() == 1, served.deadline());
	}

	/**
	 * Picks an instance for a caller that sends the request itself. Of traffic rules, it
	 * obeys those that say where the request goes; timeouts, retries and faults are those
	 * of the caller.
	 * @param service the name of the service that is called
	 * @param facts the request as far as it is known, or null
	 * @return the pick, or null if there is no such service in the mesh
	 * @throws NoEndpointException if the service has no instance to call, or a rule
	 * responds in its place
	 */
	public @Nullable Pick pick(String service, @Nullable HttpFacts facts) throws NoEndpointException {
		HostRoutes routes = (facts != null) ? this.planner.routes(service) : null;
		Routing routing = (facts != null && routes != null) ? this.planner.route(service, routes, null, facts) : null;
		Destination destination = (routing != null) ? routing.destination() : this.planner.service(service);
		if (routing != null && routing.forward() == null) {
			throw new NoEndpointException(
					"A traffic rule responds to this request of '%s', which its client cannot do".formatted(service));
		}
		if (destination == null) {
			return null;
		}
		CallTerms terms = (routing != null) ? CallTerms.ONCE.routed(routing) : CallTerms.ONCE;
		return new Pick(this, destination, terms, destination.plan(terms).pick());
	}

	/**
	 * Tells whether the plan of a call depends on the headers of its request.
	 * @param uri the URI of the request
	 * @return whether the headers must be known before
	 */
	public boolean readsHeaders(URI uri) {
		String host = uri.getHost();
		return host != null && (this.hashKeys.of(host) != null || this.sessionCookies.containsKey(host)
				|| this.planner.readsRequests(host));
	}

	/**
	 * Tells whether a call may run twice without harm.
	 * @param method the method of the request
	 * @param headers the headers of the request
	 * @param attributes the attributes of the request, see {@link MeshClient#REPEATABLE}
	 * @return whether it may
	 */
	public static boolean isIdempotent(HttpMethod method, HttpHeaders headers, Map<String, Object> attributes) {
		if (attributes.get(MeshClient.REPEATABLE) instanceof Boolean marked) {
			return marked;
		}
		return IDEMPOTENT.contains(method) || headers.containsHeader(IDEMPOTENCY_KEY);
	}

}
