package io.redmesh.registry.store.model;

import java.util.Random;

/**
 * A step of a sequence. It names processes and instances by numbers, not by tokens. So a
 * sequence still means something when earlier steps are left out.
 *
 * @param kind the kind of step
 * @param actor the number of the process
 * @param key the number of the instance
 * @param value a weight, a status, or a number of seconds, as the kind needs it
 */
record StoreOperation(Kind kind, int actor, int key, int value) {

	static final int ACTORS = 3;

	static final int KEYS = 4;

	private static final int VALUES = 3;

	/** The kinds of steps. */
	enum Kind {

		/** A registration with the token and the secret of the process. */
		REGISTER,

		/** A registration with the token alone. */
		REGISTER_BY_TOKEN,

		/** A registration with the secret alone, as after a response that was lost. */
		REGISTER_BY_SECRET,

		/** A registration without token and secret, as of a new process. */
		REGISTER_ANEW,

		RENEW,

		/**
		 * A renewal of all instances in one call, with the tokens that the process has.
		 */
		RENEW_MANY,

		STATUS,

		OVERRIDE,

		REMOVE_OVERRIDE,

		DEREGISTER,

		/** A line of a backup that was made while the process held its token. */
		LOAD,

		EVICT,

		/** Some seconds with a sweep in each. */
		PASS_TIME,

		/** Some seconds without a sweep. */
		SLEEP,

		/**
		 * Time for all tombstones to expire, and a deregistration of another instance.
		 */
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
