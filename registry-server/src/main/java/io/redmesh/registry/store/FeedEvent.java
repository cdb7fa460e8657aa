package io.redmesh.registry.store;

import java.time.Duration;
import java.util.List;

import io.redmesh.core.registry.Cursor;
import io.redmesh.core.registry.Lease;
import io.redmesh.core.traffic.RuleKey;
import org.jspecify.annotations.Nullable;

/** An event in the feed of a namespace. */
public sealed interface FeedEvent {

	/**
	 * Returns the position in history after this event.
	 * @return the cursor
	 */
	Cursor cursor();

	/**
	 * All instances and rules of a namespace, which replace everything before.
	 *
	 * @param cursor the position in history
	 * @param instances all instances of the namespace
	 * @param rules all traffic rules of the namespace
	 * @param incompleteFor how long instances may still be missing, because the epoch is
	 * younger than one TTL; zero if none can be missing
	 * @param silence the time since the store was last heard of
	 */
	record Reset(Cursor cursor, List<StoredInstance> instances, StoredRules rules, Duration incompleteFor,
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

	/**
	 * A change of one traffic rule.
	 *
	 * @param cursor the position in history
	 * @param origin the registry in which the first rule was written
	 * @param key the rule
	 * @param generation the generation of the write
	 * @param rule the rule as it is now, or null if it was deleted
	 */
	record RuleChanged(Cursor cursor, String origin, RuleKey key, long generation,
			@Nullable StoredRule rule) implements FeedEvent {

		/**
		 * Applies this change.
		 * @param before the rules before it
		 * @return the rules after it
		 */
		public StoredRules appliedTo(StoredRules before) {
			return (this.rule != null) ? before.with(this.origin, this.rule)
					: before.without(this.origin, this.key, this.generation);
		}

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
