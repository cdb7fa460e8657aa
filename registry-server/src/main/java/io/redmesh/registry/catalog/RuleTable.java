package io.redmesh.registry.catalog;

import io.redmesh.core.registry.Cursor;
import io.redmesh.registry.store.Digest;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.StoredRules;

/**
 * The traffic rules of a namespace on this server, which outlive the store's loss of
 * them. Written under the namespace's monitor; readers never wait.
 */
final class RuleTable {

	private volatile RuleSet current;

	private volatile StoredRules lost = StoredRules.NONE;

	/**
	 * Creates a table.
	 * @param remembered the rules that this server has kept on disk
	 */
	RuleTable(RuleSet remembered) {
		this.current = remembered;
	}

	RuleSet current() {
		return this.current;
	}

	void change(FeedEvent.RuleChanged event) {
		this.current = new RuleSet(event.cursor(), event.appliedTo(this.current.stored()));
	}

	/**
	 * Takes the rules of the store. Within an epoch they are right. A new epoch, or a new
	 * registry in which no rule was ever written, may have lost some: this table keeps
	 * those, until the store has them again.
	 * @param event the content of the store
	 * @return the rules and deletions to restore, empty if there are none
	 */
	StoredRules reset(FeedEvent.Reset event) {
		StoredRules there = event.rules();
		StoredRules here = this.current.stored();
		Cursor before = this.current.changed();
		boolean sameEpoch = before != null && before.sameEpoch(event.cursor());
		boolean foreign = !there.origin().isEmpty() && !there.origin().equals(here.origin());
		boolean right = foreign || (sameEpoch && !isRestoring());
		this.lost = right ? StoredRules.NONE : here.newerThan(there);
		this.current = new RuleSet(event.cursor(), isRestoring() ? there.mergedWith(this.lost) : there);
		return this.lost;
	}

	boolean matches(StoredRules there) {
		return this.current.stored().equals(there);
	}

	/** Removes the rules from a digest, so that the instances' part of it is left. */
	Digest instancesOf(Digest digest) {
		return digest.without(this.current.stored());
	}

	/**
	 * Notes that the store has rules again.
	 * @param rules the rules, which count only if they were the last to be lost
	 */
	void restored(StoredRules rules) {
		if (rules.equals(this.lost)) {
			this.lost = StoredRules.NONE;
		}
	}

	boolean isRestoring() {
		return !this.lost.isEmpty();
	}

}
