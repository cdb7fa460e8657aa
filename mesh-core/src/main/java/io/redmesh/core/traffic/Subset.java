package io.redmesh.core.traffic;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The instances of a service that have certain labels.
 *
 * @param name the name, unique within the rule
 * @param labels the labels, all of which an instance must have
 * @param policy the policy of calls to the subset, whose blocks take the place of those
 * of the service; or null
 */
public record Subset(String name, Map<String, String> labels, @Nullable TrafficPolicy policy) {

	public Subset {
		labels = Map.copyOf(labels);
	}

}
