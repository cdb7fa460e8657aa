package io.redmesh.core.call;

import io.redmesh.core.endpoint.Requirement;
import io.redmesh.core.traffic.DirectResponse;
import io.redmesh.core.traffic.Forward;
import io.redmesh.core.traffic.Redirect;
import io.redmesh.core.traffic.RequestFacts;
import io.redmesh.core.traffic.Route;
import io.redmesh.core.traffic.RouteDestination;
import org.jspecify.annotations.Nullable;

/**
 * The decision of traffic rules on one call: its route, and where that leads. Immutable,
 * so that a call keeps it to its end, whatever rules come.
 *
 * @param host the host that the request asks for
 * @param request the request
 * @param destination the destination of the call
 * @param requirement the requirement for instances that is left of the URI's, or null
 * @param route the route; null if the request fulfils the match of none
 * @param target the destination as the route names it; null if the route leads to none
 */
public record Routing(String host, RequestFacts request, Destination destination, @Nullable Requirement requirement,
		@Nullable Route route, @Nullable RouteDestination target) {

	private static final int NOT_FOUND = 404;

	/**
	 * Returns the action of a route that forwards the request.
	 * @return the action, or null if no instance is called
	 */
	public @Nullable Forward forward() {
		return (this.route != null) ? this.route.forward() : null;
	}

	/**
	 * Returns the response that the rules themselves give, without calling an instance:
	 * that of the route, or 404 if the request fulfils the match of none, as in Istio.
	 * @return the step, or null if the route forwards the request
	 */
	Step.@Nullable Respond response() {
		if (this.route == null) {
			return new Step.Respond(1, 0, NOT_FOUND, "No route of '%s' matches this request".formatted(this.host));
		}
		if (this.route.action() instanceof DirectResponse direct) {
			return new Step.Respond(1, 0, direct.status(), direct.body());
		}
		return (this.route.action() instanceof Redirect redirect) ? new Step.Respond(1, 0, redirect.status(), "")
				: null;
	}

	/**
	 * Returns the origin of the decision, to follow a message.
	 * @return for example " (VirtualService/orders spec.http[0])"
	 */
	String suffix() {
		return (this.route != null) ? " (" + this.route.origin() + ")" : "";
	}

}
