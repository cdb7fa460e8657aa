package io.redmesh.core.traffic;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The policy of a service, and labels and policy of each subset, from its destination
 * rules. Of several rules, the first in the order of their keys counts; further ones add
 * subsets of other names, and a policy if there was none, as in Istio.
 */
final class ServicePolicy {

	private final Map<String, Subset> subsets = new HashMap<>();

	private final Map<String, TrafficPolicy> merged = new HashMap<>();

	private @Nullable TrafficPolicy policy;

	/**
	 * Adds a rule. Only {@link RouteTableBuilder} does, before the table is published.
	 * @param rule the rule
	 */
	void add(DestinationRule rule) {
		this.policy = (this.policy != null) ? this.policy : rule.policy();
		rule.subsets().forEach((subset) -> this.subsets.putIfAbsent(subset.name(), subset));
		this.subsets.forEach((name, subset) -> {
			if (subset.policy() != null) {
				this.merged.put(name, subset.policy().over(this.policy));
			}
		});
	}

	@Nullable TrafficPolicy policy(String subset) {
		TrafficPolicy own = this.merged.get(subset);
		return (own != null) ? own : this.policy;
	}

	@Nullable Map<String, String> labels(String name) {
		Subset subset = this.subsets.get(name);
		return (subset != null) ? subset.labels() : null;
	}

}
