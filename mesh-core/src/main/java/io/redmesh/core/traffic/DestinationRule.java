package io.redmesh.core.traffic;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A rule for the calls that arrive at a service by any route: its subsets, and the policy
 * of the calls.
 *
 * @param key the key
 * @param host the service, or {@code *.} and the end of several; in lower case
 * @param policy the policy of calls to the service, or null
 * @param subsets the subsets
 */
public record DestinationRule(RuleKey key, String host, @Nullable TrafficPolicy policy,
		List<Subset> subsets) implements Rule {

	public DestinationRule {
		subsets = List.copyOf(subsets);
	}

}
