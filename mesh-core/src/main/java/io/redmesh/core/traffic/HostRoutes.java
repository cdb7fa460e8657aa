package io.redmesh.core.traffic;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The routes of a host, as far as they concern the client. Immutable.
 *
 * @param host the host as the rules name it, possibly with a wildcard
 * @param routes the routes, in the order in which they are tried
 */
public record HostRoutes(String host, List<MatchedRoute> routes) {

	public HostRoutes {
		routes = List.copyOf(routes);
	}

	/**
	 * Finds the route of a request: the first whose match it fulfils, as in Istio, and
	 * not the most specific one. It allocates nothing, apart from what the request itself
	 * and regular expressions allocate.
	 * @param request the request
	 * @return the route, or null if the request fulfils no match
	 */
	public @Nullable Route route(RequestFacts request) {
		// An iterator would be garbage.
		for (int i = 0; i < this.routes.size(); i++) {
			MatchedRoute route = this.routes.get(i);
			if (route.match().holds(request)) {
				return route.route();
			}
		}
		return null;
	}

}
