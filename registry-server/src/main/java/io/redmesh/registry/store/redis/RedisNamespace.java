package io.redmesh.registry.store.redis;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Time;
import io.redmesh.registry.store.RegistryStore;
import org.jspecify.annotations.Nullable;

/**
 * A namespace as this server knows it: its keys, and the newest cursor that it has seen.
 * Each script gets this cursor, so that a Redis which has lost its data does not begin a
 * history below it.
 */
final class RedisNamespace {

	private static final int HEADER = 5;

	// Longer than any fail-over takes.
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final String name;

	private final Time time;

	private final String[] keys;

	private final String ownLineage = UUID.randomUUID().toString();

	private volatile @Nullable Cursor newest;

	private volatile long listedIn = -1;

	private volatile long behindSince;

	private volatile boolean readable = true;

	private final AtomicInteger rereadings = new AtomicInteger();

	RedisNamespace(String name, Time time) {
		this.name = name;
		this.time = time;
		// All keys have the namespace as hash tag: one slot in a Cluster. The order is
		// that of epoch.lua.
		this.keys = List
			.of("epoch", "rev", "inst", "lease", "ovr", "tomb", "feed", "count", "evicted", "rules", "rulegone",
					"rulepast", "rulerun")
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

	String instanceKey() {
		return this.keys[2];
	}

	String overrideKey() {
		return this.keys[4];
	}

	String feedKey() {
		return this.keys[6];
	}

	String ruleHistoryKey() {
		return this.keys[11];
	}

	String ruleReportKey() {
		return this.keys[12];
	}

	/**
	 * Returns all arguments of a script: the common ones, then its own.
	 * @param allowed what the script may do, in the words of {@code epoch.lua}
	 * @param replid Redis' replication id as the connection saw it, or empty
	 * @param own its own arguments
	 * @return all of them
	 */
	String[] arguments(String allowed, String replid, String... own) {
		Cursor seen = this.newest;
		String[] arguments = new String[own.length + HEADER];
		arguments[0] = (seen != null) ? seen.lineage() : this.ownLineage;
		arguments[1] = Long.toString((seen != null) ? seen.epoch() : 0);
		arguments[2] = Long.toString((seen != null) ? seen.revision() : 0);
		// A namespace that once existed is no invented name. The first script that finds
		// it gone begins the new epoch, which wakes all servers to restore it.
		boolean real = this.name.equals(RegistryStore.DEFAULT_NAMESPACE) || (seen != null && seen.revision() > 0);
		String made = real ? allowed + " make" : allowed;
		arguments[3] = staysBehind() ? made + " insist" : made;
		arguments[4] = replid;
		System.arraycopy(own, 0, arguments, HEADER, own.length);
		return arguments;
	}

	/**
	 * Reads the cursor of a response, and notes it.
	 * @param answer the response of a script
	 * @return the cursor
	 */
	Cursor cursorOf(List<Object> answer) {
		Cursor cursor = new Cursor((String) answer.get(0), Long.parseLong((String) answer.get(1)),
				Long.parseLong((String) answer.get(2)));
		this.behindSince = 0;
		Cursor seen = this.newest;
		if (seen == null || !seen.sameLineage(cursor) || seen.isBefore(cursor)) {
			note(cursor);
		}
		return cursor;
	}

	/** Returns whether this server has ever seen the namespace exist. */
	boolean isMade() {
		Cursor seen = this.newest;
		return seen != null && seen.epoch() > 0;
	}

	private synchronized void note(Cursor cursor) {
		Cursor seen = this.newest;
		if (seen == null || !seen.sameLineage(cursor) || seen.isBefore(cursor)) {
			this.newest = cursor;
		}
	}

	/**
	 * Notes that Redis knows less than was seen before. It may be a master that was
	 * deposed while this server was connected to it.
	 */
	void noteBehind() {
		if (this.behindSince == 0) {
			this.behindSince = this.time.nanos() | 1;
		}
	}

	/**
	 * Returns whether Redis has been behind for too long: it has lost something for good.
	 */
	private boolean staysBehind() {
		long since = this.behindSince;
		return since != 0 && this.time.nanos() - since > PATIENCE.toNanos();
	}

	/** Makes the namespace's follower read it again. */
	void reread() {
		this.rereadings.incrementAndGet();
	}

	int rereadings() {
		return this.rereadings.get();
	}

	/**
	 * Notes whether all of the namespace can be read. If not, its digest differs from
	 * that of Redis.
	 * @param readable whether all can be read
	 */
	void noteReadable(boolean readable) {
		this.readable = readable;
	}

	boolean isReadable() {
		return this.readable;
	}

	/**
	 * Returns whether the list of all namespaces has this one. The list is in another
	 * slot, so no script can update it, and it is lost whenever an epoch is.
	 * @param cursor the position in history
	 * @return whether the namespace was added in this epoch
	 */
	boolean isListed(Cursor cursor) {
		return this.listedIn == cursor.epoch();
	}

	void unlisted() {
		this.listedIn = -1;
	}

	void listed(Cursor cursor) {
		this.listedIn = cursor.epoch();
	}

}
