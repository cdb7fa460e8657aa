package io.redmesh.chaos.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The violations found so far. Each subject counts once, although a violation goes on and
 * many watchers see it.
 */
final class Findings {

	private final Set<String> known = new HashSet<>();

	private final List<Violation> violations = new ArrayList<>();

	/**
	 * Adds a violation.
	 * @param rule the rule
	 * @param subject the subject; only the first violation of a rule and a subject counts
	 * @param at when, in nanoseconds since the run began
	 * @param what a description
	 * @param evidence anything that explains it
	 */
	void add(Violation.Rule rule, String subject, long at, String what, List<?> evidence) {
		if (this.known.add(rule + " " + subject)) {
			this.violations.add(new Violation(rule, at, what, evidence.stream().map(String::valueOf).toList()));
		}
	}

	List<Violation> all() {
		return this.violations.stream().sorted(Comparator.comparingLong(Violation::at)).toList();
	}

}
