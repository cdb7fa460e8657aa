package io.redmesh.core.call;

/**
 * What is special about one call.
 *
 * @param idempotent whether doing it twice does no harm
 * @param retries whether it may put more load on others by trying again; not while it
 * serves what is tried again itself, so that only one layer of a chain does
 * @param limited whether there is a deadline from outside
 * @param deadline the monotonic time after which nobody waits for it, if it is limited
 */
public record CallTerms(boolean idempotent, boolean retries, boolean limited, long deadline) {

	/** A call that may be made twice. */
	public static final CallTerms IDEMPOTENT = new CallTerms(true, true, false, 0);

	/** A call that may be made once only. */
	public static final CallTerms ONCE = new CallTerms(false, true, false, 0);

}
