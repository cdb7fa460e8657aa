package io.redmesh.registry.store;

import io.redmesh.core.registry.Cursor;

/** An item that a server remembers of an epoch that has ended. */
public sealed interface Remembered {

	/**
	 * Returns the cursor of the last change.
	 * @return a cursor of the epoch that has ended, or of an earlier one
	 */
	Cursor changed();

	/**
	 * An instance that was registered.
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
	 * @param incarnation its incarnation
	 * @param changed the cursor of its deregistration
	 */
	record Left(Incarnation incarnation, Cursor changed) implements Remembered {

	}

}
