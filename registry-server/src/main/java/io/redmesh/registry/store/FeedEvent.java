package io.redmesh.registry.store;

import java.time.Duration;
import java.util.List;

import io.redmesh.core.registry.Cursor;
import io.redmesh.core.registry.Lease;
import org.jspecify.annotations.Nullable;

/** Something that one who follows a namespace must know. */
public sealed interface FeedEvent {

	/**
	 * Returns where history stands with this event.
	 * @return the cursor
	 */
	Cursor cursor();

	/**
	 * Everything there is: what came before no longer counts.
	 *
	 * @param cursor where history stands
	 * @param instances all instances of the namespace
	 * @param incompleteFor how long something may still be missing, because the epoch is
	 * younger than one TTL; zero when nothing is
	 * @param silence for how long nothing had been heard of the store before
	 */
	record Reset(Cursor cursor, List<StoredInstance> instances, Duration incompleteFor,
			Duration silence) implements FeedEvent {

		/**
		 * Tells whether the store may have lost what was there before.
		 * @param before where history stood
		 * @return whether another epoch of it has begun, soon enough for what was there
		 * to be certain
		 */
		public boolean mayHaveLost(Cursor before) {
			return before.sameLineage(this.cursor) && !before.sameEpoch(this.cursor)
					&& this.silence.compareTo(Lease.DEFAULT_TTL) <= 0;
		}

	}

	/**
	 * One instance has changed.
	 *
	 * @param cursor where history stands
	 * @param service its service
	 * @param id its id
	 * @param instance how it is now, or null if it has gone
	 * @param gone why it has gone, or null if it has not
	 */
	record Changed(Cursor cursor, String service, String id, @Nullable StoredInstance instance,
			@Nullable Departure gone) implements FeedEvent {

	}

	/** Why an instance has gone. */
	enum Departure {

		/** It said so. */
		DEREGISTERED,

		/** Its lease ended. */
		EXPIRED,

		/** It was doubted, and refused connections. */
		REFUSED

	}

}
