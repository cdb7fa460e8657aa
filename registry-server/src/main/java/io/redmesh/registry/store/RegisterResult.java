package io.redmesh.registry.store;

import io.redmesh.core.registry.Cursor;
import io.redmesh.core.registry.Lease;
import org.jspecify.annotations.Nullable;

/**
 * The result of a registration.
 *
 * @param outcome the outcome
 * @param lease the lease that is now held, or null if refused
 * @param cursor the position in the namespace's history afterwards
 */
public record RegisterResult(Outcome outcome, @Nullable Lease lease, Cursor cursor) {

	/** The outcome of a registration. */
	public enum Outcome {

		/** A new incarnation, under an id that was free. */
		CREATED,

		/** A new incarnation, which took the id over from another one. */
		TAKEN_OVER,

		/** The same lease with other content. */
		UPDATED,

		/** The same lease and the same content: only renewed. */
		RENEWED,

		/**
		 * Refused: the token belongs to an incarnation that has ended or was taken over.
		 */
		SUPERSEDED

	}

}
