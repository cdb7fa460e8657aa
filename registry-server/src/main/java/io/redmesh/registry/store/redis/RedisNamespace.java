package io.redmesh.registry.store.redis;

import java.util.List;
import java.util.UUID;

import io.redmesh.core.registry.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * One namespace as this server knows it: its keys, and the newest place in its history
 * that it has seen. What this server has seen goes along with each script, so that a
 * Redis which has lost its data does not begin a history below it.
 */
final class RedisNamespace {

	private final String name;

	private final String[] keys;

	private final String ownLineage = UUID.randomUUID().toString();

	private volatile @Nullable Cursor newest;

	private volatile long listedIn = -1;

	RedisNamespace(String name) {
		this.name = name;
		// All carry the namespace as hash tag: one slot in a Cluster. The order is that
		// of epoch.lua.
		this.keys = List.of("epoch", "rev", "inst", "lease", "ovr", "tomb", "feed")
			.stream()
			.map((key) -> "mesh:{" + name + "}:" + key)
			.toArray(String[]::new);
	}

	String name() {
		return this.name;
	}

	String[] keys() {
		return this.keys;
	}

	String epochKey() {
		return this.keys[0];
	}

	String revisionKey() {
		return this.keys[1];
	}

	String feedKey() {
		return this.keys[6];
	}

	/**
	 * Returns the lineage to take for a registry that has none.
	 * @return the one that was seen last, so that cursors of before and after stay
	 * comparable
	 */
	String lineage() {
		Cursor seen = this.newest;
		return (seen != null) ? seen.lineage() : this.ownLineage;
	}

	long epoch() {
		Cursor seen = this.newest;
		return (seen != null) ? seen.epoch() : 0;
	}

	/**
	 * Reads and notes where history stands.
	 * @param answer what a script said
	 * @return the cursor in it
	 */
	Cursor cursorOf(List<Object> answer) {
		Cursor cursor = new Cursor((String) answer.get(0), Long.parseLong((String) answer.get(1)),
				Long.parseLong((String) answer.get(2)));
		Cursor seen = this.newest;
		if (seen == null || !seen.sameEpoch(cursor)) {
			note(cursor);
		}
		return cursor;
	}

	private synchronized void note(Cursor cursor) {
		Cursor seen = this.newest;
		if (seen == null || !seen.sameLineage(cursor) || seen.isBefore(cursor)) {
			this.newest = cursor;
		}
	}

	/**
	 * Tells whether the list of all namespaces has this one: it lies in another slot, so
	 * no script can see to it, and it is lost whenever an epoch is.
	 * @param cursor where history stands
	 * @return whether it was entered in this epoch
	 */
	boolean isListed(Cursor cursor) {
		return this.listedIn == cursor.epoch();
	}

	void listed(Cursor cursor) {
		this.listedIn = cursor.epoch();
	}

}
