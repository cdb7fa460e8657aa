package io.redmesh.core.traffic;

/**
 * A route and the requests that take it.
 *
 * @param match the condition on requests
 * @param route the route
 */
public record MatchedRoute(RouteMatch match, Route route) {
}
