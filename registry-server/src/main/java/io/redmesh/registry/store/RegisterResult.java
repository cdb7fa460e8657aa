package io.redmesh.registry.store;

import io.redmesh.core.registry.Cursor;
import io.redmesh.core.registry.Lease;
import org.jspecify.annotations.Nullable;

/**
 * What became of a registration.
 *
 * @param outcome in one word
 * @param lease the lease now held, or null when refused
 * @param cursor where the namespace's history stands afterwards
 */
public record RegisterResult(Outcome outcome, @Nullable Lease lease, Cursor cursor) {

	/** The outcome of a registration. */
	public enum Outcome {

		/** A new incarnation, under an id that was free. */
		CREATED,

		/** A new incarnation, which took the id over from another one. */
		TAKEN_OVER,

		/** The same lease, other content. */
		UPDATED,

		/** The same lease and the same content: only renewed. */
		RENEWED,

		/**
		 * Refused: the token belongs to an incarnation that has been ended or taken over.
		 */
		SUPERSEDED

	}

}
