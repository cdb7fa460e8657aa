package io.redmesh.core.traffic;

/**
 * The limit of retries in flight.
 *
 * @param percent the retries in flight, as a share of the calls in flight, 0 to 100
 * @param minRetryConcurrency the number of retries in flight that is permitted in any
 * case
 */
public record RetryBudgetRule(double percent, int minRetryConcurrency) {
}
