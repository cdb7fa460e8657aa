package io.redmesh.core.traffic;

import org.jspecify.annotations.Nullable;

/**
 * The limits of calls of one client to a destination. A connection carries one call at a
 * time here, so that Envoy's limits of connections and of requests are the same limit.
 *
 * @param maxCalls the number of calls that may be in flight, 0 for any number
 * @param maxPending the number of further calls that may wait in the queue; null for any
 * number
 */
public record ConnectionPoolRule(int maxCalls, @Nullable Integer maxPending) {
}
