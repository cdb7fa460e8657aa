package io.redmesh.chaos.history;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A violation of a rule.
 *
 * @param rule the rule that was broken
 * @param at when, in nanoseconds since the run began
 * @param what a description
 * @param evidence lines that explain it
 */
public record Violation(Rule rule, long at, String what, List<String> evidence) {

	/** The rules; see {@link HistoryChecker}. */
	public enum Rule {

		/** Rule (a): cursors never go back. */
		CURSOR_WENT_BACK,

		/** Rule (b): all watchers see the same. */
		WATCHERS_DISAGREE,

		/** Rule (c): no instance comes back. */
		CAME_BACK,

		/** Rule (d): no living instance is evicted. */
		FALSE_EVICTION,

		/** Rule (e): no service becomes empty. */
		EMPTY_SERVICE,

		/** Rule (f): all agree in the end. */
		WRONG_IN_THE_END,

		/** Rule (g): only replaced instances stay out. */
		WRONGLY_SUPERSEDED

	}

	@Override
	public String toString() {
		return "%s at %s: %s%s".formatted(this.rule, Times.text(this.at), this.what,
				this.evidence.stream().map((line) -> "\n    " + line).collect(Collectors.joining()));
	}

}
