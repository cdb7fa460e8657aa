package io.redmesh.registry.registration;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Status;

/**
 * A filter of instances. A label must have one of the values that the request names for
 * it. Everything is sorted, so that equal filters have the same text.
 *
 * @param labels the permitted values of each label
 * @param zones the permitted zones, empty for all
 * @param statuses the permitted statuses, empty for all
 */
record InstanceFilter(Map<String, Set<String>> labels, Set<String> zones, Set<Status> statuses) {

	private static final InstanceFilter ALL = new InstanceFilter(Map.of(), Set.of(), Set.of());

	static InstanceFilter of(Map<String, List<String>> query) {
		if (!query.containsKey("label") && !query.containsKey("zone") && !query.containsKey("status")) {
			return ALL;
		}
		Map<String, Set<String>> labels = new TreeMap<>();
		for (String label : query.getOrDefault("label", List.of())) {
			int separator = label.indexOf('=');
			if (separator < 1) {
				throw new InvalidValueException("label", label, "key=value");
			}
			labels.computeIfAbsent(label.substring(0, separator), (key) -> new TreeSet<>())
				.add(label.substring(separator + 1));
		}
		Set<Status> statuses = EnumSet.noneOf(Status.class);
		query.getOrDefault("status", List.of()).forEach((status) -> statuses.add(status(status)));
		return new InstanceFilter(labels, new TreeSet<>(query.getOrDefault("zone", List.of())), statuses);
	}

	private static Status status(String name) {
		for (Status status : Status.values()) {
			if (status.name().equals(name)) {
				return status;
			}
		}
		throw new InvalidValueException("status", name, "one of " + List.of(Status.values()));
	}

	/** Returns a number that tells filters apart in an ETag. */
	int mark() {
		return isAll() ? 0 : toString().hashCode();
	}

	boolean isAll() {
		return equals(ALL);
	}

	boolean accepts(Instance instance) {
		return (this.zones.isEmpty() || this.zones.contains(instance.locality().zone()))
				&& (this.statuses.isEmpty() || this.statuses.contains(instance.status()))
				&& this.labels.entrySet()
					.stream()
					.allMatch((label) -> label.getValue().contains(instance.labels().getOrDefault(label.getKey(), "")));
	}

}
