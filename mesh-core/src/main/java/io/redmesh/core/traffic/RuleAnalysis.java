package io.redmesh.core.traffic;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * An analysis of rules together, and of what is registered. Its findings are no errors,
 * because instances come and go: a rule may be there before its service.
 */
public final class RuleAnalysis {

	private static final List<RuleCheck> CHECKS = List.of(new HostCheck(), new DestinationCheck(),
			new ReachabilityCheck(), new RouteCheck());

	private RuleAnalysis() {
	}

	/**
	 * Analyzes rules.
	 * @param rules all rules of the namespace
	 * @param registered what is registered in the namespace
	 * @return the findings of each rule that has any, in the order of the keys
	 */
	public static Map<RuleKey, List<Finding>> analyze(Collection<? extends Rule> rules, Registered registered) {
		AnalyzedRules analyzed = new AnalyzedRules(rules, registered);
		CHECKS.forEach((check) -> check.check(analyzed));
		return analyzed.findings();
	}

}
