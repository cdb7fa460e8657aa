package io.redmesh.registry.store;

import io.redmesh.core.registry.Cursor;

/**
 * A digest of a namespace at one cursor, so that a copy of it can be compared. Each
 * change has a revision of its own, and each write of rules a generation, so a copy that
 * lacks a change, or has one too many, has another digest.
 *
 * @param cursor the cursor
 * @param entries the number of instances and of traffic rules
 * @param sum the sum of the revisions of the instances' last changes and of the
 * generations of the rules
 */
public record Digest(Cursor cursor, long entries, long sum) {

	/**
	 * Returns the digest of the instances alone.
	 * @param rules the rules that this digest covers, if the copy is right
	 * @return the digest without them
	 */
	public Digest without(StoredRules rules) {
		long generations = rules.rules().values().stream().mapToLong(StoredRule::generation).sum();
		return new Digest(this.cursor, this.entries - rules.rules().size(), this.sum - generations);
	}

}
