package io.redmesh.core.call;

import io.redmesh.core.endpoint.Requirement;
import org.jspecify.annotations.Nullable;

/**
 * The terms of one call.
 *
 * @param idempotent whether executing the call twice does no harm
 * @param retries whether its retries may put more load on the called service; false while
 * the app itself serves a retry, so that only one layer of a chain retries
 * @param limited whether there is a deadline from outside
 * @param deadline the monotonic time at which its caller gives up, if it is limited
 * @param requirement the requirement for instances, or null, as nearly always
 */
public record CallTerms(boolean idempotent, boolean retries, boolean limited, long deadline,
		@Nullable Requirement requirement) {

	/** The terms of a call that may be executed twice. */
	public static final CallTerms IDEMPOTENT = new CallTerms(true, true, false, 0);

	/** The terms of a call that may be executed once only. */
	public static final CallTerms ONCE = new CallTerms(false, true, false, 0);

	/**
	 * Creates the terms of a call that any instance may serve.
	 * @param idempotent whether executing the call twice does no harm
	 * @param retries whether its retries may put more load on the called service
	 * @param limited whether there is a deadline from outside
	 * @param deadline the monotonic time at which its caller gives up, if it is limited
	 */
	public CallTerms(boolean idempotent, boolean retries, boolean limited, long deadline) {
		this(idempotent, retries, limited, deadline, null);
	}

	/**
	 * Returns a copy with a requirement for instances.
	 * @param requirement the requirement
	 * @return the copy
	 */
	public CallTerms requiring(Requirement requirement) {
		return new CallTerms(this.idempotent, this.retries, this.limited, this.deadline, requirement);
	}

}
