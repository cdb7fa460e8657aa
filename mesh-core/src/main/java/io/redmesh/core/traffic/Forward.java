package io.redmesh.core.traffic;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The action that sends a request to one of several destinations, in proportion to their
 * weights. Of several destinations, those of zero weight get nothing; a single one gets
 * everything whatever its weight.
 *
 * @param destinations the destinations, at least one
 * @param cohort the part of a request whose value decides its destination, so that equal
 * values have equal destinations; null if chance decides
 * @param rewrite the changes of path and authority, or null
 * @param timeout how long a call may take with all its attempts, zero for no limit; null
 * for the timeout of the client
 * @param retries the policy of retries; null for that of the client
 * @param mirrors the destinations of copies
 */
public record Forward(List<RouteDestination> destinations, @Nullable HashKey cohort, @Nullable Rewrite rewrite,
		@Nullable Duration timeout, @Nullable RetryRule retries, List<Mirror> mirrors) implements RouteAction {

	public Forward {
		destinations = List.copyOf(destinations);
		mirrors = List.copyOf(mirrors);
	}

	/**
	 * Returns a destination with a probability in proportion to its weight.
	 * @param random a random number, all of whose values are equally likely
	 * @return the destination
	 */
	public RouteDestination destination(long random) {
		return WeightedSplit.byChance(this.destinations, random);
	}

	/**
	 * Returns the destination of a cohort. As long as the weights stay the same, so does
	 * the destination. When one destination gains weight, cohorts move only to it.
	 * @param cohort the hash of the cohort, each of whose bits depends on the whole
	 * cohort
	 * @return the destination
	 */
	public RouteDestination stickyDestination(long cohort) {
		return WeightedSplit.byCohort(this.destinations, cohort);
	}

	@Override
	public RouteAction after(RouteMatch match) {
		return (this.rewrite == null) ? this : new Forward(this.destinations, this.cohort, this.rewrite.after(match),
				this.timeout, this.retries, this.mirrors);
	}

}
