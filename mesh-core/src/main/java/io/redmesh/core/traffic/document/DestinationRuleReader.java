package io.redmesh.core.traffic.document;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.redmesh.core.traffic.DestinationRule;
import io.redmesh.core.traffic.Subset;
import io.redmesh.core.traffic.TrafficPolicy;
import org.jspecify.annotations.Nullable;

/** A reader of the {@code spec} of a destination rule. */
final class DestinationRuleReader {

	private final Metadata metadata;

	DestinationRuleReader(Metadata metadata) {
		this.metadata = metadata;
	}

	DestinationRule read(Fields spec) {
		String host = new HostReader(this.metadata).host(spec.require("host"));
		TrafficPolicy policy = spec.get("trafficPolicy").read(TrafficPolicyReader::read);
		this.metadata.checkExport(spec.get("exportTo"));
		spec.unsupported("workloadSelector", "a rule applies to all apps of the namespace");
		return new DestinationRule(this.metadata.key(), host, policy, subsets(spec.get("subsets")));
	}

	private static List<Subset> subsets(Node node) {
		Map<String, Subset> subsets = new LinkedHashMap<>();
		Set<String> names = new HashSet<>();
		for (Node item : node.items()) {
			Subset subset = item.read((fields) -> subset(fields, names));
			if (subset != null) {
				subsets.put(subset.name(), subset);
			}
		}
		return List.copyOf(subsets.values());
	}

	private static @Nullable Subset subset(Fields fields, Set<String> names) {
		Node node = fields.require("name");
		String name = node.text(HostReader::isLabel, "1 to 63 of a-z, 0-9 and -");
		node.expect(node.isAbsent() || names.add(name), "a name that no other subset of the rule has");
		return new Subset(name, fields.get("labels").texts(),
				fields.get("trafficPolicy").read(TrafficPolicyReader::read));
	}

}
