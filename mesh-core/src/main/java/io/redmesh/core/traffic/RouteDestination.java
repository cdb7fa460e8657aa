package io.redmesh.core.traffic;

/**
 * A weighted destination of a route.
 *
 * @param key the destination
 * @param weight its weight, 0 or more
 * @param headers the changes of headers, which follow those of the route
 */
public record RouteDestination(DestinationKey key, int weight, HeaderOperations headers) {
}
