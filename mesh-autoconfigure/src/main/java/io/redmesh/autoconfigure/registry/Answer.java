package io.redmesh.autoconfigure.registry;

import io.redmesh.core.registry.Lease;
import org.jspecify.annotations.Nullable;

/**
 * What the registry answered to an instance.
 *
 * @param outcome in one word
 * @param lease the lease now held, or null when none is
 * @param detail why it was not done, for people to read; empty when it was
 * @param futile whether to ask the same server again at once would be in vain: it did not
 * answer in time, or does not accept connections
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

		/** The registry did it. */
		DONE,

		/** The registry knows no such lease: register again. */
		UNKNOWN_LEASE,

		/** Another process has taken the id over, or this incarnation has ended. */
		SUPERSEDED,

		/** The registry finds something wrong with what was said. */
		REFUSED,

		/** No server of the registry could be reached, or none could do it now. */
		UNAVAILABLE

	}

}
