package io.redmesh.autoconfigure.registration;

import java.time.Duration;

import io.redmesh.core.time.Time;

/**
 * The registry's confirmation that it knows this instance as last registered. A lease is
 * renewed only while it is given. Otherwise the instance registers.
 * <p>
 * A registration without an answer may still be carried out later, after a newer one: a
 * server or a Redis that was paused may do that. So for a while after such a registration
 * no confirmation counts, and each renewal is a registration.
 * <p>
 * Not safe for use by several threads at once.
 */
final class Confirmation {

	private final long lateNanos;

	private State state = State.MISSING;

	private boolean awaitsLateRequest;

	private long lateUntil;

	/**
	 * Creates the state before the first registration.
	 * @param late how long after its sending a request may be carried out
	 */
	Confirmation(Duration late) {
		this.lateNanos = Time.nanos(late);
	}

	/** Records that a registration is sent. */
	void requested() {
		this.state = State.REQUESTED;
	}

	/**
	 * Records that the registry has carried out a registration or a renewal. It confirms
	 * nothing if the registry may have lost the instance since the request was sent.
	 */
	void granted() {
		if (this.state == State.REQUESTED) {
			this.state = State.GIVEN;
		}
	}

	/** Returns whether the registry may have lost this instance. */
	boolean isMissing() {
		return this.state == State.MISSING;
	}

	/** Records that the registry may have lost this instance. */
	void revoked() {
		this.state = State.MISSING;
	}

	/**
	 * Records that a try of a registration got no answer.
	 * @param now the time in nanoseconds
	 */
	void unanswered(long now) {
		this.awaitsLateRequest = true;
		this.lateUntil = now + this.lateNanos;
	}

	/**
	 * Returns whether a renewal suffices.
	 * @param now the time in nanoseconds
	 */
	boolean isGiven(long now) {
		if (this.awaitsLateRequest && now - this.lateUntil >= 0) {
			this.awaitsLateRequest = false;
		}
		return this.state == State.GIVEN && !this.awaitsLateRequest;
	}

	private enum State {

		/** The registry may not know this instance. */
		MISSING,

		/** A registration is in flight, and the registry has not begun anew since. */
		REQUESTED,

		/** The registry has answered the last registration. */
		GIVEN

	}

}
