package io.redmesh.core.call;

import java.util.concurrent.atomic.AtomicInteger;

import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.instance.Instance;

/**
 * One try of a call at one endpoint. Must be reported to {@link CallPlan#after} exactly
 * once, and released when its answer has been read.
 * <p>
 * Releasing is safe for use by many threads, and ends what was not reported.
 */
public final class Attempt {

	// Bits of the state.
	private static final int DECIDED = 1;

	private static final int RELEASED = 2;

	/** An attempt that had at least this part of its time was not cut short. */
	private static final double NEARLY_ALL = 0.9;

	private final int number;

	private final boolean hedge;

	private final Endpoint endpoint;

	private final Instance instance;

	private final long delay;

	private final long started;

	private final boolean limited;

	private final long timeout;

	private final boolean cutShort;

	private final AtomicInteger state = new AtomicInteger();

	/**
	 * Begins an attempt.
	 * @param number which one of its call it is
	 * @param hedge whether it is made beside the first one
	 * @param endpoint where it goes
	 * @param now the monotonic time
	 * @param delay nanoseconds until it starts
	 * @param patience nanoseconds that the policy gives it
	 * @param left nanoseconds from its start until the deadline
	 */
	Attempt(int number, boolean hedge, Endpoint endpoint, long now, long delay, long patience, long left) {
		this.number = number;
		this.hedge = hedge;
		this.endpoint = endpoint;
		this.instance = endpoint.instance();
		this.delay = delay;
		this.started = now + delay;
		this.timeout = Math.min(patience, left);
		this.limited = this.timeout != Long.MAX_VALUE;
		this.cutShort = left < NEARLY_ALL * patience;
		endpoint.attemptStarted(this.started);
	}

	/**
	 * Returns which one of its call it is.
	 * @return 1 for the first
	 */
	public int number() {
		return this.number;
	}

	/**
	 * Tells whether it is made beside the first one, not after it.
	 * @return whether it is a {@link CallPlan#hedge() hedge}
	 */
	public boolean isHedge() {
		return this.hedge;
	}

	/**
	 * Returns where it goes.
	 * @return the endpoint
	 */
	public Endpoint endpoint() {
		return this.endpoint;
	}

	/**
	 * Returns the endpoint's instance as it was when it was picked.
	 * @return the instance
	 */
	public Instance instance() {
		return this.instance;
	}

	/**
	 * Returns how long to wait before it starts.
	 * @return nanoseconds, zero for a first attempt
	 */
	public long delay() {
		return this.delay;
	}

	/**
	 * Tells whether it is given up some time.
	 * @return whether there is a timeout
	 */
	public boolean isLimited() {
		return this.limited;
	}

	/**
	 * Returns how long after its start it is to be given up if no answer has begun.
	 * @return nanoseconds, meaningless unless it is limited
	 */
	public long timeout() {
		return this.timeout;
	}

	/**
	 * Tells whether the deadline leaves it less time than the policy gives an attempt. If
	 * it is not answered by then, that says nothing about the endpoint.
	 * @return whether it is cut short
	 */
	boolean isCutShort() {
		return this.cutShort;
	}

	long started() {
		return this.started;
	}

	/**
	 * Tells the endpoint that the caller does not wait for this attempt any more. Does
	 * nothing the second time.
	 * @param answered whether the endpoint has answered
	 * @param now the monotonic time
	 */
	void decide(boolean answered, long now) {
		if (isFirst(DECIDED)) {
			this.endpoint.attemptDecided(answered, now);
		}
	}

	/**
	 * Its answer was read, closed, failed or cancelled: it is no load any more. Does
	 * nothing the second time.
	 */
	public void release() {
		decide(false, this.started);
		if (isFirst(RELEASED)) {
			this.endpoint.attemptEnded();
		}
	}

	private boolean isFirst(int bit) {
		return (this.state.getAndUpdate((before) -> before | bit) & bit) == 0;
	}

}
