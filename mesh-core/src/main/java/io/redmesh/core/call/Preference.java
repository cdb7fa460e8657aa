package io.redmesh.core.call;

import java.util.ArrayList;
import java.util.List;

import io.redmesh.core.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * The choice of endpoints for one call, by its terms and the endpoints that it has tried.
 */
final class Preference {

	private final Destination destination;

	private final CallTerms terms;

	private final Picker picker;

	// Stays empty for most calls.
	private List<Endpoint> tried = List.of();

	Preference(Destination destination, ActivePolicy policy, CallTerms terms) {
		this.destination = destination;
		this.terms = terms;
		this.picker = policy.picker(terms.requirement());
	}

	/** Returns the picker among the endpoints that the call may go to. */
	Picker picker() {
		return this.picker;
	}

	/** Returns the hash key, or a random number for a call without a key. */
	private long hashKey() {
		return (this.terms.hashKey() != 0) ? this.terms.hashKey() : this.destination.random().nextLong();
	}

	/**
	 * Picks the endpoint of the first attempt. A preferred instance comes before a probe,
	 * and a probe before balancing.
	 * @param now the monotonic time
	 * @param repeatable whether the call may be retried if a probe fails
	 * @return the endpoint
	 * @throws NoEndpointException if no instance can be called
	 */
	Endpoint first(long now, boolean repeatable) throws NoEndpointException {
		Endpoint endpoint = requested();
		if (endpoint == null) {
			endpoint = this.destination.pool().nextProbe(this.picker.requirement(), now, repeatable);
		}
		return (endpoint != null) ? endpoint : this.destination.pick(this.picker, now, hashKey(), this.terms.routing());
	}

	/**
	 * Picks the endpoint of a further attempt.
	 * @param failed the endpoint of the last attempt, which is to be avoided, or null
	 * @param allowTried whether an endpoint that was tried is better than none
	 * @param now the monotonic time
	 * @return the endpoint, or null if there is none
	 */
	@Nullable Endpoint next(@Nullable Endpoint failed, boolean allowTried, long now) {
		if (failed != null) {
			if (this.tried.isEmpty()) {
				this.tried = new ArrayList<>();
			}
			this.tried.add(failed);
		}
		return this.picker.pickAfter(this.tried, allowTried, now, hashKey());
	}

	/** Picks the endpoint of a hedge beside a slow attempt, or returns null. */
	@Nullable Endpoint pickHedge(Endpoint slow, long now) {
		return this.picker.pickOther(List.of(slow), now, hashKey());
	}

	private @Nullable Endpoint requested() {
		Endpoint pinned = this.terms.pinned();
		long preferred = this.terms.preferred();
		return (pinned == null && preferred != 0) ? this.picker.candidate(preferred) : pinned;
	}

	/**
	 * Returns the endpoint that the call would probe, without any effect.
	 * @return the endpoint, or null if the call would not probe
	 */
	@Nullable Endpoint dueProbe(long now, boolean repeatable) {
		return (requested() == null) ? this.destination.pool().dueProbe(this.picker.requirement(), now, repeatable)
				: null;
	}

	/**
	 * Returns the endpoint that the call would go to without a probe, without any effect.
	 * @return the endpoint, or null if no endpoint can be called
	 */
	@Nullable Endpoint preview(long now) {
		Endpoint endpoint = requested();
		return (endpoint != null) ? endpoint : this.picker.preview(now, hashKey());
	}

}
