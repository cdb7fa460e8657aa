package io.redmesh.registry.store;

import java.util.List;

import io.redmesh.core.registry.Cursor;
import io.redmesh.core.traffic.RuleKey;

/**
 * The result of a write of traffic rules.
 *
 * @param conflict whether the write was refused, because another write came first
 * @param edits the outcome of each edit, in the same order
 * @param revision the revision of all rules afterwards
 * @param cursor the position in the namespace's history afterwards
 */
public record RuleResult(boolean conflict, List<Edited> edits, long revision, Cursor cursor) {

	/**
	 * The outcome of one edit.
	 *
	 * @param key the rule
	 * @param outcome the outcome; if the write was refused, what it would have been
	 * @param generation the generation of the rule afterwards; 0 if there is no such rule
	 */
	public record Edited(RuleKey key, Outcome outcome, long generation) {

	}

	/** The outcome of an edit. */
	public enum Outcome {

		/** There was no such rule. */
		CREATED,

		/** The rule has another document now. */
		UPDATED,

		/** The rule had this document already. It keeps its generation. */
		UNCHANGED,

		/** The rule was deleted. */
		DELETED,

		/** There was no such rule to delete. */
		UNKNOWN,

		/** The rule has another generation than the writer expects. */
		CONFLICT;

		/** Returns whether the edit changes something, and so has a new generation. */
		public boolean isChange() {
			return this == CREATED || this == UPDATED || this == DELETED;
		}

	}

}
