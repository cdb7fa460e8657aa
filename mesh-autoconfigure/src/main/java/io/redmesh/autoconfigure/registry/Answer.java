package io.redmesh.autoconfigure.registry;

import java.time.Duration;

import io.redmesh.core.registry.Lease;
import org.jspecify.annotations.Nullable;

/**
 * A response of the registry to an instance.
 *
 * @param outcome the outcome of the request
 * @param lease the lease that is held now, or null if there is none
 * @param detail the reason for a failure, for people to read; empty on success
 * @param futile whether a retry at the same server would be futile: it timed out, or does
 * not accept connections
 * @param unanswered whether a try of the request got no answer, or only that the server
 * could not carry it out. It may still be carried out later
 */
public record Answer(Outcome outcome, @Nullable Lease lease, String detail, boolean futile, boolean unanswered) {

	static Answer done(@Nullable Lease lease) {
		return new Answer(Outcome.DONE, lease, "", false, false);
	}

	static Answer failed(Outcome outcome, String detail) {
		return new Answer(outcome, null, detail, false, outcome == Outcome.UNAVAILABLE);
	}

	static Answer futile(String detail) {
		return new Answer(Outcome.UNAVAILABLE, null, detail, true, true);
	}

	/**
	 * Creates the answer to a request that got none in time.
	 * @param limit the time that it had
	 * @return an answer that says so
	 */
	public static Answer timedOut(Duration limit) {
		return futile("no answer within " + limit);
	}

	/** Returns this answer, after a try of the same request that got none. */
	Answer afterUnanswered() {
		return new Answer(this.outcome, this.lease, this.detail, this.futile, true);
	}

	/** The outcome of a request. */
	public enum Outcome {

		/** The registry has carried out the request. */
		DONE,

		/** The registry knows no such lease: the instance must register again. */
		UNKNOWN_LEASE,

		/** Another process has taken over the id, or this incarnation has ended. */
		SUPERSEDED,

		/** The registry does not accept what the request says. */
		REFUSED,

		/** No server of the registry could be reached or could carry out the request. */
		UNAVAILABLE

	}

}
