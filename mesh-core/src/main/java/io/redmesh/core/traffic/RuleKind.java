package io.redmesh.core.traffic;

import org.jspecify.annotations.Nullable;

/** The kinds of rules that this mesh executes, with the names of Istio's API. */
public enum RuleKind {

	/** The routes of a host. */
	VIRTUAL_SERVICE("VirtualService"),

	/** The subsets of a service and the policy of calls to it. */
	DESTINATION_RULE("DestinationRule");

	private final String word;

	RuleKind(String word) {
		this.word = word;
	}

	/**
	 * Parses the {@code kind} of a document.
	 * @param word the word, in any case
	 * @return the kind, or null if this mesh does not execute such rules
	 */
	public static @Nullable RuleKind parse(String word) {
		for (RuleKind kind : values()) {
			if (kind.word.equalsIgnoreCase(word)) {
				return kind;
			}
		}
		return null;
	}

	/** Returns the word in documents, for example {@code VirtualService}. */
	@Override
	public String toString() {
		return this.word;
	}

}
