package io.redmesh.registry.store;

import io.redmesh.core.registry.Cursor;

/** What a server remembers of an epoch that has ended. */
public sealed interface Remembered {

	/**
	 * Returns the place in history of the last change.
	 * @return the cursor, of the epoch that has ended or of an earlier one
	 */
	Cursor changed();

	/**
	 * An instance that was there.
	 *
	 * @param instance the instance
	 */
	record Held(StoredInstance instance) implements Remembered {

		@Override
		public Cursor changed() {
			return this.instance.changed();
		}

	}

	/**
	 * An instance that had deregistered.
	 *
	 * @param incarnation which
	 * @param changed when
	 */
	record Left(Incarnation incarnation, Cursor changed) implements Remembered {

	}

}
