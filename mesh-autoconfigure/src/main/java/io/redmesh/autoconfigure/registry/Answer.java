package io.redmesh.autoconfigure.registry;

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
 */
public record Answer(Outcome outcome, @Nullable Lease lease, String detail, boolean futile) {

	static Answer done(@Nullable Lease lease) {
		return new Answer(Outcome.DONE, lease, "", false);
	}

	static Answer failed(Outcome outcome, String detail) {
		return new Answer(outcome, null, detail, false);
	}

	static Answer futile(String detail) {
		return new Answer(Outcome.UNAVAILABLE, null, detail, true);
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
