package io.redmesh.registry.chaos.history;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Something that must not happen and did.
 *
 * @param rule the rule that was broken
 * @param at when, in nanoseconds since the run began
 * @param what in words
 * @param evidence from where it can be understood
 */
public record Violation(Rule rule, long at, String what, List<String> evidence) {

	/** The rules; see {@link HistoryChecker}. */
	public enum Rule {

		/** (a). */
		CURSOR_WENT_BACK,

		/** (b). */
		WATCHERS_DISAGREE,

		/** (c). */
		CAME_BACK,

		/** (d). */
		FALSE_EVICTION,

		/** (e). */
		EMPTY_SERVICE,

		/** (f). */
		WRONG_IN_THE_END,

		/** (g). */
		WRONGLY_SUPERSEDED

	}

	@Override
	public String toString() {
		return "%s at %s: %s%s".formatted(this.rule, Times.text(this.at), this.what,
				this.evidence.stream().map((line) -> "\n    " + line).collect(Collectors.joining()));
	}

}
