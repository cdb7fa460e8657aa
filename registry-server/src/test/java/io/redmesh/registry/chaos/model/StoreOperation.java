package io.redmesh.registry.chaos.model;

import java.util.Random;

/**
 * One step of a sequence. Says who does what by numbers, not by tokens, so that a
 * sequence still means something when steps before it are left out.
 *
 * @param kind what
 * @param actor which process
 * @param key which instance
 * @param value a weight, a status, or a number of seconds, as the kind needs it
 */
record StoreOperation(Kind kind, int actor, int key, int value) {

	static final int ACTORS = 3;

	static final int KEYS = 4;

	private static final int VALUES = 3;

	/** What can be done. */
	enum Kind {

		/** With the token that the process holds, and the secret of its life. */
		REGISTER,

		/** With the token alone. */
		REGISTER_BY_TOKEN,

		/** With the secret alone: the answer to the one before was lost. */
		REGISTER_BY_SECRET,

		/** As a process that knows nothing. */
		REGISTER_ANEW,

		RENEW,

		/** All that the process holds, in one call. */
		RENEW_MANY,

		STATUS,

		OVERRIDE,

		REMOVE_OVERRIDE,

		DEREGISTER,

		/** From a backup that was made when the process had its token. */
		LOAD,

		EVICT,

		/** Some seconds, with a sweep in each. */
		PASS_TIME,

		/** Some seconds, in which nobody sweeps. */
		SLEEP,

		/** Longer than anybody who has left is remembered; then somebody else leaves. */
		PASS_TOMBSTONES

	}

	static StoreOperation random(Random random, boolean withTime) {
		int kinds = withTime ? Kind.values().length : Kind.PASS_TIME.ordinal();
		return new StoreOperation(Kind.values()[random.nextInt(kinds)], random.nextInt(ACTORS), random.nextInt(KEYS),
				random.nextInt(VALUES));
	}

	String service() {
		return (this.key % 2 == 0) ? "orders" : "stock";
	}

	String id() {
		return "i" + this.key / 2;
	}

	String name() {
		return this.service() + "/" + this.id();
	}

}
