package io.redmesh.core.traffic;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.redmesh.core.instance.Spelling;

/**
 * The check of the hosts and gateways that rules are for: each is registered, and no two
 * rules are for the same.
 */
final class HostCheck implements RuleCheck {

	private static final int SUGGESTIONS = 3;

	@Override
	public void check(AnalyzedRules rules) {
		Map<String, RuleKey> routed = new HashMap<>();
		for (VirtualService rule : rules.virtualServices()) {
			for (int i = 0; i < rule.hosts().size(); i++) {
				String host = rule.hosts().get(i);
				String path = "spec.hosts[" + i + "]";
				checkHost(rules, rule.key(), path, host);
				checkOnly(rules, rule.key(), path, host, routed, "its routes are tried first");
			}
			checkGateways(rules, rule);
		}
		Map<String, RuleKey> ruled = new HashMap<>();
		for (DestinationRule rule : rules.destinationRules()) {
			checkHost(rules, rule.key(), "spec.host", rule.host());
			checkOnly(rules, rule.key(), "spec.host", rule.host(), ruled, "its policy and its subsets come first");
		}
	}

	/**
	 * Checks that a host is registered. A host of routes need not be, but may be a typo.
	 */
	private static void checkHost(AnalyzedRules rules, RuleKey rule, String path, String host) {
		if (HostName.isWildcard(host) || rules.registered().isService(host)) {
			return;
		}
		String suggestion = suggestion(rules, host);
		if (rule.kind() == RuleKind.VIRTUAL_SERVICE && suggestion.isEmpty()) {
			rules.add(rule, new Finding(FindingCode.UNKNOWN_HOST.toString(), Severity.INFO, path,
					"no service " + host + " is registered; the host exists by this rule only", null));
		}
		else {
			rules.warn(rule, FindingCode.UNKNOWN_HOST, path, "no service " + host + " is registered" + suggestion);
		}
	}

	/** Returns a question such as "; did you mean orders or order?", or an empty text. */
	static String suggestion(AnalyzedRules rules, String host) {
		List<String> nearest = Spelling.nearest(host, rules.registered().services(), SUGGESTIONS);
		return nearest.isEmpty() ? "" : "; did you mean " + String.join(" or ", nearest) + "?";
	}

	private static void checkOnly(AnalyzedRules rules, RuleKey rule, String path, String host,
			Map<String, RuleKey> others, String order) {
		RuleKey other = others.putIfAbsent(host, rule);
		if (other != null) {
			rules.warn(rule, FindingCode.SAME_HOST, path, other + " is for " + host + ", too; " + order
					+ ", because rules for the same host follow the order of their names");
		}
	}

	private static void checkGateways(AnalyzedRules rules, VirtualService rule) {
		for (String gateway : rule.gateways().names().stream().sorted().toList()) {
			if (!gateway.equals(Client.MESH) && !rules.registered().isService(gateway)) {
				rules.warn(rule.key(), FindingCode.UNKNOWN_GATEWAY, "spec.gateways",
						"no gateway " + gateway + " is registered" + suggestion(rules, gateway));
			}
		}
	}

}
