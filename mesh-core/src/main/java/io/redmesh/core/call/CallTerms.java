package io.redmesh.core.call;

import io.redmesh.core.endpoint.Requirement;
import org.jspecify.annotations.Nullable;

/**
 * What is special about one call.
 *
 * @param idempotent whether doing it twice does no harm
 * @param retries whether it may put more load on others by trying again; not while it
 * serves what is tried again itself, so that only one layer of a chain does
 * @param limited whether there is a deadline from outside
 * @param deadline the monotonic time after which nobody waits for it, if it is limited
 * @param requirement what it demands of instances, or null, as nearly always
 */
public record CallTerms(boolean idempotent, boolean retries, boolean limited, long deadline,
		@Nullable Requirement requirement) {

	/** A call that may be made twice. */
	public static final CallTerms IDEMPOTENT = new CallTerms(true, true, false, 0);

	/** A call that may be made once only. */
	public static final CallTerms ONCE = new CallTerms(false, true, false, 0);

	/**
	 * Creates the terms of a call that any instance may serve.
	 * @param idempotent whether doing it twice does no harm
	 * @param retries whether it may put more load on others by trying again
	 * @param limited whether there is a deadline from outside
	 * @param deadline the monotonic time after which nobody waits for it
	 */
	public CallTerms(boolean idempotent, boolean retries, boolean limited, long deadline) {
		this(idempotent, retries, limited, deadline, null);
	}

	/**
	 * Returns a copy that demands something of instances.
	 * @param requirement what
	 * @return the copy
	 */
	public CallTerms requiring(Requirement requirement) {
		return new CallTerms(this.idempotent, this.retries, this.limited, this.deadline, requirement);
	}

}
