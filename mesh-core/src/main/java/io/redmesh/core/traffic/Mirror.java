package io.redmesh.core.traffic;

/**
 * A destination of copies, whose responses are thrown away.
 *
 * @param destination the destination
 * @param percentage the share of requests that are copied, more than 0
 */
public record Mirror(DestinationKey destination, Percentage percentage) {
}
