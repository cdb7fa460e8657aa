package io.redmesh.core.traffic;

/** A part of {@link RuleAnalysis}. Has no state. */
interface RuleCheck {

	/**
	 * Checks rules.
	 * @param rules the rules, which collect the findings
	 */
	void check(AnalyzedRules rules);

}
