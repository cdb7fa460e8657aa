package io.redmesh.core.endpoint;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * For how long nothing was heard of an endpoint that was asked something, while others
 * were heard: what it was asked takes as long as that at least. Otherwise one that never
 * answers would seem the faster the longer ago it last did (NGINX's {@code least_time}
 * takes requests that are not complete into account for the same reason, with
 * {@code inflight}). When nobody is heard it is the caller that pauses, and says nothing
 * about any of them.
 * <p>
 * Safe for use by many threads: what a race costs is one value that is a little off.
 */
final class UnansweredTime {

	private final AtomicInteger unanswered = new AtomicInteger();

	private volatile long since;

	/**
	 * It is asked something.
	 * @param nanos the monotonic time
	 */
	void asked(long nanos) {
		if (this.unanswered.get() == 0) {
			this.since = nanos;
		}
		this.unanswered.incrementAndGet();
	}

	/**
	 * It is not expected to answer any more, exactly once for each question.
	 * @param answered whether it has answered, in whatever way
	 * @param nanos the monotonic time
	 */
	void over(boolean answered, long nanos) {
		if (answered) {
			this.since = nanos;
		}
		this.unanswered.decrementAndGet();
	}

	/**
	 * Returns how long it has lasted.
	 * @param heard the monotonic time at which anybody was heard last
	 * @return nanoseconds, not more than zero if nobody waits for an answer
	 */
	long until(long heard) {
		return (this.unanswered.get() > 0) ? heard - this.since : 0;
	}

}
