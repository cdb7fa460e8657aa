package io.redmesh.registry.store;

import java.time.Duration;
import java.util.List;

import io.redmesh.core.registry.Cursor;
import io.redmesh.core.registry.Lease;
import org.jspecify.annotations.Nullable;

/** An event in the feed of a namespace. */
public sealed interface FeedEvent {

	/**
	 * Returns the position in history after this event.
	 * @return the cursor
	 */
	Cursor cursor();

	/**
	 * All instances of a namespace, which replace everything before.
	 *
	 * @param cursor the position in history
	 * @param instances all instances of the namespace
	 * @param incompleteFor how long instances may still be missing, because the epoch is
	 * younger than one TTL; zero if none can be missing
	 * @param silence the time since the store was last heard of
	 */
	record Reset(Cursor cursor, List<StoredInstance> instances, Duration incompleteFor,
			Duration silence) implements FeedEvent {

		/**
		 * Returns whether the store may have lost something that was there before.
		 * @param before the cursor before this reset
		 * @return whether another epoch of the same lineage has begun, soon enough for
		 * the old content to be certain
		 */
		public boolean mayHaveLost(Cursor before) {
			return before.sameLineage(this.cursor) && !before.sameEpoch(this.cursor)
					&& this.silence.compareTo(Lease.DEFAULT_TTL) <= 0;
		}

	}

	/**
	 * A change of one instance.
	 *
	 * @param cursor the position in history
	 * @param service its service
	 * @param id its id
	 * @param instance the instance as it is now, or null if it was removed
	 * @param gone the reason of its removal, or null if it was not removed
	 */
	record Changed(Cursor cursor, String service, String id, @Nullable StoredInstance instance,
			@Nullable Departure gone) implements FeedEvent {

	}

	/** The reasons of a removal. */
	enum Departure {

		/** The instance deregistered. */
		DEREGISTERED,

		/** The instance's lease ended. */
		EXPIRED,

		/** The instance was a suspect and refused connections. */
		REFUSED

	}

}
