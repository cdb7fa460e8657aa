package io.redmesh.core.endpoint;

/**
 * The ejection of an endpoint: it gets no calls until a probe succeeds. Immutable.
 *
 * @param cause the cause
 * @param times the number of consecutive ejections, 1 for the first
 * @param since the monotonic time at which it began; an attempt that began earlier proves
 * nothing about it
 * @param until the monotonic time from which one call may probe the endpoint
 * @param probed whether a probe was sent that has not failed yet
 */
public record Ejection(EjectionCause cause, int times, long since, long until, boolean probed) {

	/**
	 * Returns whether the next probe is due.
	 * @param nanos the monotonic time now
	 * @return whether one call may probe the endpoint
	 */
	public boolean isDue(long nanos) {
		return nanos - this.until >= 0;
	}

	boolean isDisprovedBy(long started) {
		return started - this.since >= 0;
	}

	/**
	 * Returns whether a failure prolongs the ejection. A call may go to an ejected
	 * endpoint without probing it, in panic or because all are ejected. Its failure does
	 * not prolong the ejection: the backoff grows by probes, not by calls.
	 * @param worse the cause that the failure gives
	 * @param started the monotonic time at which the attempt began
	 * @return whether a probe failed, or the endpoint was reachable and is not any more
	 */
	boolean isProlongedBy(EjectionCause worse, long started) {
		return isDisprovedBy(started) && (this.probed || (worse.isUnreachable() && !this.cause.isUnreachable()));
	}

	Ejection probedUntil(long until) {
		return new Ejection(this.cause, this.times, this.since, until, true);
	}

}
