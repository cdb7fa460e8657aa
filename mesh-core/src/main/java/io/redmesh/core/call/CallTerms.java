package io.redmesh.core.call;

import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.Requirement;
import io.redmesh.core.loadbalance.KeyHash;
import org.jspecify.annotations.Nullable;

/**
 * The terms of one call: all that is known about it before its first attempt. Immutable.
 *
 * @param idempotent whether executing the call twice does no harm
 * @param retries whether its retries may put more load on the called service; false while
 * the app itself serves a retry, so that only one layer of a chain retries
 * @param deadline the deadline from outside; the call's own timeout may end sooner
 * @param requirement the requirement for instances beside the subset of the destination,
 * or null, as nearly always
 * @param hashKey the {@link KeyHash} of the hash key; 0 for none
 * @param preferred the {@link KeyHash} of the id of the instance to prefer; 0 for none
 * @param pinned the endpoint that the call is pinned to, or null
 * @param routing the decision of traffic rules on the call; null without a rule for it
 */
public record CallTerms(boolean idempotent, boolean retries, Deadline deadline, @Nullable Requirement requirement,
		long hashKey, long preferred, @Nullable Endpoint pinned, @Nullable Routing routing) {

	/** The terms of a call that may be executed twice. */
	public static final CallTerms IDEMPOTENT = new CallTerms(true, true, Deadline.NONE);

	/** The terms of a call that may be executed once only. */
	public static final CallTerms ONCE = new CallTerms(false, true, Deadline.NONE);

	/**
	 * Creates the terms of a call that any instance may serve.
	 * @param idempotent whether executing the call twice does no harm
	 * @param retries whether its retries may put more load on the called service
	 * @param deadline the deadline from outside
	 */
	public CallTerms(boolean idempotent, boolean retries, Deadline deadline) {
		this(idempotent, retries, deadline, null, 0, 0, null, null);
	}

	/**
	 * Returns a copy with a requirement for instances.
	 * @param requirement the requirement, or null for none
	 * @return the copy
	 */
	public CallTerms requiring(@Nullable Requirement requirement) {
		return new CallTerms(this.idempotent, this.retries, this.deadline, requirement, this.hashKey, this.preferred,
				this.pinned, this.routing);
	}

	/**
	 * Returns a copy with a hash key: calls with equal keys go to the same endpoint, if
	 * the balancer hashes keys. A call without a key goes to a random endpoint.
	 * @param key the hash key
	 * @return the copy
	 */
	public CallTerms withHashKey(CharSequence key) {
		return new CallTerms(this.idempotent, this.retries, this.deadline, this.requirement, KeyHash.of(key),
				this.preferred, this.pinned, this.routing);
	}

	/**
	 * Returns a copy that prefers an instance: the first attempt goes there while it is a
	 * candidate. This comes before balancing, and before the probe of another instance.
	 * @param instance the {@link KeyHash} of the instance's id, or 0 for none
	 * @return the copy
	 */
	public CallTerms preferring(long instance) {
		return new CallTerms(this.idempotent, this.retries, this.deadline, this.requirement, this.hashKey, instance,
				this.pinned, this.routing);
	}

	/**
	 * Returns a copy that is pinned to an endpoint. Such a call has one attempt, because
	 * its caller has chosen the endpoint, and may send the request itself.
	 * @param endpoint the endpoint
	 * @return the copy
	 */
	public CallTerms pinnedTo(Endpoint endpoint) {
		return new CallTerms(this.idempotent, this.retries, this.deadline, this.requirement, this.hashKey,
				this.preferred, endpoint, this.routing);
	}

	/**
	 * Returns a copy that follows the decision of traffic rules.
	 * @param routing the decision
	 * @return the copy
	 */
	public CallTerms routed(Routing routing) {
		return new CallTerms(this.idempotent, this.retries, this.deadline, routing.requirement(), this.hashKey,
				this.preferred, this.pinned, routing);
	}

}
