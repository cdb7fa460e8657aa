package io.redmesh.core.traffic.document;

import java.time.Duration;
import java.util.List;

import io.redmesh.core.traffic.FindingCode;
import io.redmesh.core.traffic.HashKey;
import io.redmesh.core.traffic.LoadBalancerRule;
import io.redmesh.core.traffic.LoadBalancerRule.Algorithm;
import io.redmesh.core.traffic.Severity;
import org.jspecify.annotations.Nullable;

/** A reader of {@code loadBalancer}. */
final class LoadBalancerReader {

	private LoadBalancerReader() {
	}

	static LoadBalancerRule read(Fields fields) {
		fields.oneOf("simple", "consistentHash");
		Algorithm algorithm = simple(fields.get("simple"));
		LoadBalancerRule hashing = fields.get("consistentHash").read(LoadBalancerReader::hashing);
		fields.get("localityLbSetting").read(LoadBalancerReader::locality);
		fields.unsupported("zoneAwareLbSetting",
				"instances of the own zone are preferred as far as they can take the calls");
		fields.oneOf("warmup", "warmupDurationSecs");
		Duration warmup = fields.get("warmup").read(LoadBalancerReader::warmup);
		Duration older = fields.deprecated("warmupDurationSecs", "warmup").duration();
		return new LoadBalancerRule((hashing != null) ? hashing.algorithm() : algorithm,
				(hashing != null) ? hashing.hashKey() : null, (warmup != null) ? warmup : older);
	}

	private static @Nullable Algorithm simple(Node node) {
		String word = node.text("UNSPECIFIED");
		switch (word) {
			case "UNSPECIFIED" -> {
				return null;
			}
			case "LEAST_CONN" -> {
				node.findings()
					.add(FindingCode.DEPRECATED_FIELD, Severity.WARNING, node.path(),
							"LEAST_CONN is deprecated in Istio, in favour of LEAST_REQUEST", node.fix("LEAST_REQUEST"));
				return Algorithm.LEAST_REQUEST;
			}
			case "LEAST_REQUEST", "ROUND_ROBIN", "RANDOM" -> {
				return Algorithm.valueOf(word);
			}
			case "PASSTHROUGH" -> node.findings()
				.refuse(FindingCode.UNSUPPORTED, node.path(),
						"PASSTHROUGH is not supported: the mesh picks an instance for each call", null);
			default -> node.invalid("one of LEAST_REQUEST, ROUND_ROBIN, RANDOM, UNSPECIFIED", null);
		}
		return null;
	}

	private static LoadBalancerRule hashing(Fields fields) {
		HashKey key = HashKeyReader.read(fields);
		boolean maglev = !fields.get("maglev").isAbsent();
		fields.oneOf("ringHash", "maglev", "minimumRingSize");
		fields.get("ringHash").read((ring) -> size(ring, "minimumRingSize"));
		fields.get("maglev").read((table) -> size(table, "tableSize"));
		size(fields, "minimumRingSize");
		return new LoadBalancerRule(maglev ? Algorithm.MAGLEV : Algorithm.RING_HASH, key, null);
	}

	private static @Nullable Object size(Fields fields, String field) {
		fields.withoutEffect(field, "the size of the table is fixed");
		return null;
	}

	private static @Nullable Object locality(Fields fields) {
		String reason = "calls prefer the own zone, then the own region, as far as they can take the calls";
		for (String field : List.of("distribute", "failover", "failoverPriority")) {
			fields.unsupported(field, reason);
		}
		Node enabled = fields.get("enabled");
		if (!enabled.flag(true)) {
			enabled.findings()
				.refuse(FindingCode.UNSUPPORTED, enabled.path(), "false is not supported: " + reason, null);
		}
		return null;
	}

	private static @Nullable Duration warmup(Fields fields) {
		Node percent = fields.get("minimumPercent");
		Node aggression = fields.get("aggression");
		percent.expect(percent.number(0, 100, 10) == 10, "10, because other values are not supported");
		aggression.expect(aggression.number(0, 1000, 1) == 1, "1, because other values are not supported");
		return fields.require("duration").duration();
	}

}
