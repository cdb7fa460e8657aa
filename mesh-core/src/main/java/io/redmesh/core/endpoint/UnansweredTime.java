package io.redmesh.core.endpoint;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The time for which an endpoint has left attempts unanswered while other endpoints of
 * the service responded: its current latency is at least that. Otherwise an endpoint that
 * never responds would seem the faster the longer ago its last response was. NGINX's
 * {@code least_time} takes incomplete requests into account for the same reason, with
 * {@code inflight}. If no endpoint responds, the caller itself pauses, which says nothing
 * about any endpoint.
 * <p>
 * Safe for use by many threads: a race costs one value that is slightly off.
 */
final class UnansweredTime {

	private final AtomicInteger unanswered = new AtomicInteger();

	private volatile long since;

	/**
	 * Records the start of an attempt.
	 * @param nanos the monotonic time
	 */
	void attemptStarted(long nanos) {
		if (this.unanswered.get() == 0) {
			this.since = nanos;
		}
		this.unanswered.incrementAndGet();
	}

	/**
	 * Records that an attempt no longer waits for a response. Exactly once for each.
	 * @param answered whether the endpoint has responded in any way
	 * @param nanos the monotonic time
	 */
	void attemptDecided(boolean answered, long nanos) {
		if (answered) {
			this.since = nanos;
		}
		this.unanswered.decrementAndGet();
	}

	/**
	 * Returns the unanswered time.
	 * @param lastResponse the monotonic time of the service's last response
	 * @return nanoseconds; zero or less if no attempt waits for a response
	 */
	long nanosUntil(long lastResponse) {
		return (this.unanswered.get() > 0) ? lastResponse - this.since : 0;
	}

}
