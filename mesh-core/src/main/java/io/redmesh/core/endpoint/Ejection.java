package io.redmesh.core.endpoint;

/**
 * That an endpoint gets no calls, until one that probes it succeeds. Immutable.
 *
 * @param cause why
 * @param times which one in a row it is, 1 for the first
 * @param since the monotonic time at which it began; an attempt that began earlier proves
 * nothing about it
 * @param until the monotonic time from which one call may probe the endpoint
 * @param probed whether a call probes it, and has not failed yet
 */
public record Ejection(EjectionCause cause, int times, long since, long until, boolean probed) {

	/**
	 * Tells whether the time of the next probe has come.
	 * @param nanos the monotonic time now
	 * @return whether one call may go there
	 */
	public boolean isDue(long nanos) {
		return nanos - this.until >= 0;
	}

	boolean isDisprovedBy(long started) {
		return started - this.since >= 0;
	}

	/**
	 * Tells whether a failure prolongs it. Calls that go to an ejected endpoint although
	 * they do not probe it, since all are ejected or there is panic, do not: the back-off
	 * grows by probes, not by calls.
	 * @param worse the cause that the failure gives
	 * @param started when the attempt began
	 * @return whether the probe has failed, or nothing answers where something did before
	 */
	boolean isProlongedBy(EjectionCause worse, long started) {
		return isDisprovedBy(started) && (this.probed || (worse.isUnreachable() && !this.cause.isUnreachable()));
	}

	Ejection probedUntil(long until) {
		return new Ejection(this.cause, this.times, this.since, until, true);
	}

}
