package io.redmesh.core.traffic;

import org.jspecify.annotations.Nullable;

/**
 * The policy of calls to a service or subset. For a block that is null, the client's own
 * configuration counts.
 *
 * @param loadBalancer the way in which endpoints are picked
 * @param connectionPool the limits of calls
 * @param outlierDetection the failures that eject an endpoint
 * @param retryBudget the limit of retries
 * @param inherits whether a subset's policy takes from the service's policy the blocks
 * that it lacks; port-level settings do not
 */
public record TrafficPolicy(@Nullable LoadBalancerRule loadBalancer, @Nullable ConnectionPoolRule connectionPool,
		@Nullable OutlierRule outlierDetection, @Nullable RetryBudgetRule retryBudget, boolean inherits) {

	/**
	 * Returns the policy of a subset, block by block.
	 * @param service the policy of the whole service, or null
	 * @return this policy, with the service's blocks where it has none
	 */
	TrafficPolicy over(@Nullable TrafficPolicy service) {
		if (service == null || !this.inherits) {
			return this;
		}
		return new TrafficPolicy(first(this.loadBalancer, service.loadBalancer),
				first(this.connectionPool, service.connectionPool),
				first(this.outlierDetection, service.outlierDetection), first(this.retryBudget, service.retryBudget),
				true);
	}

	private static <T> @Nullable T first(@Nullable T own, @Nullable T inherited) {
		return (own != null) ? own : inherited;
	}

}
