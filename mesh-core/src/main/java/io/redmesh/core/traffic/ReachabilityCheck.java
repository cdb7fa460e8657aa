package io.redmesh.core.traffic;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The check that each match is fulfilled by requests that fulfil no earlier one. It finds
 * matches that a single earlier match covers.
 */
final class ReachabilityCheck implements RuleCheck {

	@Override
	public void check(AnalyzedRules rules) {
		for (VirtualService rule : rules.virtualServices()) {
			List<MatchedRoute> earlier = new ArrayList<>();
			for (int index = 0; earlier.size() < rule.routes().size(); index++) {
				List<MatchedRoute> entry = entry(rule, index);
				check(rules, rule.key(), entry, earlier);
			}
		}
	}

	private static List<MatchedRoute> entry(VirtualService rule, int index) {
		return rule.routes().stream().filter((route) -> route.route().origin().index() == index).toList();
	}

	private static void check(AnalyzedRules rules, RuleKey rule, List<MatchedRoute> entry, List<MatchedRoute> earlier) {
		List<Finding> covered = new ArrayList<>();
		String route = "";
		for (MatchedRoute matched : entry) {
			MatchedRoute covering = covering(matched, earlier);
			if (covering != null) {
				String path = matched.route().origin().path();
				String message = covering.route().origin().path() + " takes all requests before";
				covered
					.add(new Finding(FindingCode.INEFFECTIVE_MATCH.toString(), Severity.WARNING, path, message, null));
				route = "spec.http[" + matched.route().origin().index() + "]";
			}
			earlier.add(matched);
		}
		if (!entry.isEmpty() && covered.size() == entry.size()) {
			rules.warn(rule, FindingCode.UNREACHABLE_ROUTE, route,
					"no request reaches the route: " + covered.get(0).message());
		}
		else {
			covered.forEach((finding) -> rules.add(rule, finding));
		}
	}

	private static @Nullable MatchedRoute covering(MatchedRoute matched, List<MatchedRoute> earlier) {
		return earlier.stream()
			.filter((candidate) -> MatchCoverage.covers(candidate.match(), matched.match()))
			.findFirst()
			.orElse(null);
	}

}
