package io.redmesh.core.call;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.Requirement;
import org.jspecify.annotations.Nullable;

/** Where one call is to go, if anything speaks for it. */
final class Preference {

	private long key;

	private long session;

	private @Nullable Endpoint only;

	private final @Nullable Requirement requirement;

	// Most calls never need it.
	private List<Endpoint> tried = List.of();

	Preference(@Nullable Requirement requirement) {
		this.requirement = requirement;
	}

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
		Endpoint endpoint = asked(destination);
		if (endpoint == null) {
			endpoint = destination.pool().nextProbe(this.requirement, now, repeatable);
		}
		return (endpoint != null) ? endpoint : destination.pick(this.requirement, now, key());
	}

	/**
	 * Decides where the call goes after an attempt.
	 * @param destination what is called
	 * @param failed where that attempt went
	 * @param orAgain whether a second attempt there is better than none
	 * @param now the monotonic time
	 * @return the endpoint, or null if there is none
	 */
	@Nullable Endpoint next(Destination destination, Endpoint failed, boolean orAgain, long now) {
		if (this.tried.isEmpty()) {
			this.tried = new ArrayList<>();
		}
		this.tried.add(failed);
		return destination.picker(this.requirement).pickAfter(this.tried, orAgain, now, key());
	}

	/** Returns where the call goes beside a slow attempt, or null. */
	@Nullable Endpoint beside(Destination destination, Endpoint slow, long now) {
		return destination.picker(this.requirement).pickOther(List.of(slow), now, key());
	}

	private @Nullable Endpoint asked(Destination destination) {
		return (this.only == null && this.session != 0) ? destination.picker(this.requirement).candidate(this.session)
				: this.only;
	}

	/**
	 * Returns what the call would probe, without any consequence.
	 * @return the endpoint, or null if it would go to the one that is best
	 */
	@Nullable Endpoint dueProbe(Destination destination, long now, boolean repeatable) {
		return (asked(destination) == null) ? destination.pool().dueProbe(this.requirement, now, repeatable) : null;
	}

	/**
	 * Returns where the call would go if it probed none, without any consequence.
	 * @return the endpoint, or null if none can be called
	 */
	@Nullable Endpoint preview(Destination destination, long now) {
		Endpoint endpoint = asked(destination);
		return (endpoint != null) ? endpoint : destination.picker(this.requirement).preview(now, key());
	}

}
