package io.redmesh.autoconfigure.actuate;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.redmesh.autoconfigure.call.HttpCalls;
import io.redmesh.autoconfigure.call.HttpFacts;
import io.redmesh.autoconfigure.call.MeshHosts;
import io.redmesh.core.call.CallPlan;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.call.CallPolicy;
import io.redmesh.core.call.CallPreview;
import io.redmesh.core.call.CallTerms;
import io.redmesh.core.call.Deadline;
import io.redmesh.core.call.Destination;
import io.redmesh.core.call.Routing;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.endpoint.Requirement;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.time.Time;
import io.redmesh.core.traffic.HostRoutes;
import io.redmesh.core.traffic.MatchedRoute;
import io.redmesh.core.traffic.Route;
import io.redmesh.core.traffic.RouteDestination;
import io.redmesh.core.traffic.RouteTable;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The explanation of a call as it would be made now, without making it.
 *
 * @param uri the URI that would be called
 * @param verdict the fate of the call, in words
 * @param service the service that it is for; null if it is not for the mesh
 * @param subset the subset of the service that traffic rules choose; null for none
 * @param route the route of the traffic rules that the call takes; null for none
 * @param pick the id of the instance that a first attempt would go to; null for none
 * @param panic whether so few instances are left that ejections for answers do not count
 * @param policy the policy of the service's calls; null if the call is not for the mesh
 * @param endpoints all instances, each with the reason if no call may go there
 */
public record CallExplanation(String uri, String verdict, @Nullable String service, @Nullable String subset,
		@Nullable RouteDescriptor route, @Nullable String pick, boolean panic, @Nullable PolicyDescriptor policy,
		List<EndpointDescriptor> endpoints) implements OperationResponseBody {

	static CallExplanation of(ExplainedCall call, EndpointPools pools, CallPlanner planner, MeshHosts hosts,
			RouteTable table, Time time) {
		String uri = call.uri();
		URI parsed = parse(uri);
		String host = (parsed != null) ? parsed.getHost() : null;
		if (parsed == null || host == null) {
			return elsewhere(uri, "the URI names no host");
		}
		Requirement requirement = MeshHosts.requirement(parsed);
		HostRoutes routes = hosts.routes(planner, parsed);
		Routing routing = (routes != null)
				? planner.route(host, routes, requirement, new HttpFacts(parsed, call.method(), call.headers())) : null;
		Destination destination = (routing != null) ? routing.destination()
				: hosts.destination(planner, parsed, requirement);
		if (destination == null) {
			return elsewhere(uri,
					whyElsewhere(parsed, host, pools, hosts) + ": the request passes as it is, without the mesh");
		}
		Duration timeout = call.timeout();
		Deadline deadline = (timeout != null) ? Deadline.in(timeout, time.nanos()) : Deadline.NONE;
		boolean idempotent = HttpCalls.isIdempotent(call.method(), call.headers(), Map.of());
		CallTerms terms = new CallTerms(idempotent, true, deadline).requiring(requirement);
		CallPlan plan = destination.plan((routing != null) ? terms.routed(routing) : terms);
		EndpointPool pool = pools.pool(destination.service());
		List<EndpointDescriptor> endpoints = (pool == null) ? List.of()
				: pool.all()
					.stream()
					.map((endpoint) -> EndpointDescriptor.of(endpoint, pool, plan.requirement(), time.nanos()))
					.toList();
		CallPreview preview = plan.preview();
		Instance pick = preview.instance();
		return new CallExplanation(uri, route(routing) + verdict(preview), plan.service(), subset(routing),
				(routing != null && routes != null) ? route(routing, routes, table) : null,
				(pick != null) ? pick.id() : null, preview.panic(), PolicyDescriptor.of(plan), endpoints);
	}

	private static @Nullable String subset(@Nullable Routing routing) {
		RouteDestination target = (routing != null) ? routing.target() : null;
		return (target == null || target.key().subset().isEmpty()) ? null : target.key().subset();
	}

	private static @Nullable RouteDescriptor route(Routing routing, HostRoutes routes, RouteTable table) {
		for (MatchedRoute each : routes.routes()) {
			if (each.route().equals(routing.route())) {
				return RouteDescriptor.of(each, table);
			}
		}
		return null;
	}

	private static String route(@Nullable Routing routing) {
		Route route = (routing != null) ? routing.route() : null;
		return (routing != null && route != null && routing.target() != null)
				? "%s leads to %s; ".formatted(route.origin(), routing.target().key()) : "";
	}

	private static String verdict(CallPreview preview) {
		Instance pick = preview.instance();
		if (pick == null) {
			return String.valueOf(preview.refusal());
		}
		StringBuilder verdict = new StringBuilder();
		if (preview.waits()) {
			verdict.append("All permits are taken: the call waits in the queue behind %d other calls, then "
				.formatted(preview.ahead()));
		}
		verdict.append(
				preview.probe() ? "%s is picked although it is ejected, since it is to be probed".formatted(pick.id())
						: "%s is picked out of %d candidates".formatted(pick.id(), preview.candidates()));
		if (preview.panic()) {
			verdict.append("; so few instances are left that those ejected for their answers are candidates too");
		}
		if (preview.timeout() != null) {
			verdict.append("; it has %s to begin its answer".formatted(preview.timeout()));
		}
		if (!preview.repeatable()) {
			verdict.append("; a failed attempt is not retried, since the retry budget is used up");
		}
		return verdict.toString();
	}

	private static String whyElsewhere(URI uri, String host, EndpointPools pools, MeshHosts hosts) {
		EndpointPool pool = pools.pool(host.toLowerCase(Locale.ROOT));
		if (pool == null) {
			return "'%s' is no service of the mesh".formatted(host);
		}
		if (!hosts.isPermitted(host)) {
			return "'%s' has a dot and is in none of mesh.call.domains".formatted(host);
		}
		return pool.all().isEmpty() ? "'%s' has no instances any more".formatted(host)
				: "no instance of '%s' has registered port %d".formatted(host, uri.getPort());
	}

	private static @Nullable URI parse(String uri) {
		try {
			return new URI(uri);
		}
		catch (URISyntaxException ex) {
			return null;
		}
	}

	private static CallExplanation elsewhere(String uri, String verdict) {
		return new CallExplanation(uri, verdict, null, null, null, null, false, null, List.of());
	}

	/**
	 * The policy of a service's calls.
	 *
	 * @param loadBalancing the algorithm that picks an instance
	 * @param timeout the timeout of a call, until the response begins; zero for none
	 * @param attemptTimeout the timeout of one attempt, until the response begins; zero
	 * for none but that of the call
	 * @param maxAttempts the number of attempts that a call may make
	 * @param retriesLeft the number of retries and hedges that all calls may make now
	 * @param hedgeAfter the time after which an unanswered call is hedged; zero for never
	 * @param maxConcurrentCalls the number of calls that may be in flight, or zero if any
	 * number may
	 * @param maxPendingCalls the number of further calls that may wait in the queue
	 */
	public record PolicyDescriptor(String loadBalancing, Duration timeout, Duration attemptTimeout, int maxAttempts,
			int retriesLeft, Duration hedgeAfter, int maxConcurrentCalls, int maxPendingCalls) {

		static PolicyDescriptor of(CallPlan plan) {
			CallPolicy policy = plan.policy();
			return new PolicyDescriptor(policy.loadBalancing().name().toLowerCase(Locale.ROOT).replace('_', '-'),
					policy.timeout(), policy.attemptTimeout(), policy.retries().maxAttempts(), (int) plan.retriesLeft(),
					Duration.ofNanos(plan.hedgeAfter()), policy.maxCalls(), policy.maxPending());
		}

	}

}
