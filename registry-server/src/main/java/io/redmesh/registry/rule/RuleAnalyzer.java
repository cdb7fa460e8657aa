package io.redmesh.registry.rule;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.redmesh.core.traffic.Compatibility;
import io.redmesh.core.traffic.Finding;
import io.redmesh.core.traffic.Registered;
import io.redmesh.core.traffic.Rule;
import io.redmesh.core.traffic.RuleAnalysis;
import io.redmesh.core.traffic.RuleKey;
import io.redmesh.core.traffic.document.Reading;
import io.redmesh.core.traffic.document.RuleReader;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.catalog.ServiceView;
import io.redmesh.registry.store.StoredRule;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * An analysis of the rules of a namespace, together with rules that are sent to be
 * analyzed, against the instances that this server knows.
 */
final class RuleAnalyzer {

	private static final JsonMapper mapper = new JsonMapper();

	private static final TypeReference<Map<String, @Nullable Object>> TREE = new TypeReference<>() {
	};

	private final NamespaceCatalog namespace;

	private final Map<RuleKey, Reading> inForce = new TreeMap<>();

	RuleAnalyzer(NamespaceCatalog namespace) {
		this.namespace = namespace;
		Map<Compatibility, RuleReader> readers = new EnumMap<>(Compatibility.class);
		for (StoredRule rule : namespace.rules().stored().rules().values()) {
			this.inForce.put(rule.key(), readers.computeIfAbsent(rule.compatibility(), RuleReader::new)
				.read(mapper.readValue(rule.document(), TREE)));
		}
	}

	/**
	 * Analyzes the rules that are in force.
	 * @param findings receives what is found
	 */
	void analyze(RuleFindings findings) {
		Map<RuleKey, List<Finding>> together = together(Map.of());
		this.inForce.forEach((key, reading) -> {
			findings.add(key.toString(), reading.findings());
			findings.add(key.toString(), together.getOrDefault(key, List.of()));
		});
	}

	/**
	 * Analyzes what would be if rules that were sent were in force.
	 * @param sent the rules
	 * @param findings receives what is found about them, and what they would change about
	 * other rules
	 */
	void analyze(Map<RuleKey, RuleInput.Sent> sent, RuleFindings findings) {
		Map<RuleKey, List<Finding>> before = together(Map.of());
		Map<RuleKey, List<Finding>> after = together(sent);
		sent.forEach((key, one) -> findings.add(one.number(), one.document(), after.getOrDefault(key, List.of())));
		after.forEach((key, found) -> {
			if (!sent.containsKey(key)) {
				List<Finding> caused = new ArrayList<>(found);
				caused.removeAll(before.getOrDefault(key, List.of()));
				findings.add(key.toString(), caused);
			}
		});
	}

	private Map<RuleKey, List<Finding>> together(Map<RuleKey, RuleInput.Sent> sent) {
		Map<RuleKey, Rule> rules = new TreeMap<>();
		this.inForce.forEach((key, reading) -> {
			if (reading.rule() != null) {
				rules.put(key, reading.rule());
			}
		});
		sent.forEach((key, one) -> rules.put(key, one.rule()));
		return RuleAnalysis.analyze(rules.values(), new Known(this.namespace));
	}

	/** The instances that this server knows. */
	private record Known(NamespaceCatalog namespace) implements Registered {

		@Override
		public boolean isService(String service) {
			return this.namespace.service(service) != null;
		}

		@Override
		public long instances(String service, Map<String, String> labels) {
			ServiceView view = this.namespace.service(service);
			return (view == null) ? 0
					: view.instances()
						.stream()
						.filter((one) -> one.instance().labels().entrySet().containsAll(labels.entrySet()))
						.count();
		}

		@Override
		public Collection<String> services() {
			return this.namespace.services().stream().map(ServiceView::service).toList();
		}

	}

}
