package io.redmesh.core.call;

import java.util.concurrent.ThreadLocalRandom;

import io.redmesh.core.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/** Where one call is to go, if anything speaks for it. */
final class Preference {

	private long key;

	private long session;

	private @Nullable Endpoint only;

	/** What it has in common with others that go to the same endpoint. */
	void key(long hash) {
		this.key = hash;
	}

	/** The instance that it asks for, if that is a candidate. */
	void session(long hash) {
		this.session = hash;
	}

	/** Where it goes in any case. */
	void only(Endpoint endpoint) {
		this.only = endpoint;
	}

	/** Returns the key, or chance for a call that belongs to no other. */
	long key() {
		return (this.key != 0) ? this.key : ThreadLocalRandom.current().nextLong();
	}

	/**
	 * Decides where the call goes first: what it asks for comes before what is to be
	 * probed, and that before what is best.
	 * @param destination what is called
	 * @param now the monotonic time
	 * @param repeatable whether it may be made again, should a probe fail
	 * @return the endpoint
	 * @throws NoEndpointException if there is nobody to call
	 */
	Endpoint first(Destination destination, long now, boolean repeatable) throws NoEndpointException {
		Endpoint endpoint = this.only;
		if (endpoint == null && this.session != 0) {
			endpoint = destination.candidate(this.session);
		}
		if (endpoint == null) {
			endpoint = destination.pool().nextProbe(now, repeatable);
		}
		return (endpoint != null) ? endpoint : destination.pick(now, key());
	}

}
