package io.redmesh.core.call;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.instance.Instance;

/**
 * The step that sends the request: an attempt of a call at one endpoint. It must be
 * reported to {@link CallPlan#after} exactly once, and released when its response has
 * been read.
 * <p>
 * Releasing is safe for use by many threads, and ends an attempt that was not reported.
 */
public final class Attempt implements Step {

	// An object of its own for each state would be garbage of every call.
	private static final AtomicIntegerFieldUpdater<Attempt> STATE = AtomicIntegerFieldUpdater.newUpdater(Attempt.class,
			"state");

	// Bits of the state.
	private static final int DECIDED = 1;

	private static final int RELEASED = 2;

	/**
	 * The part of its regular time from which on an attempt does not count as cut short.
	 */
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

	private volatile int state;

	/**
	 * Starts an attempt.
	 * @param number the number of the attempt within its call
	 * @param hedge whether it is made beside the first attempt
	 * @param endpoint the endpoint that it goes to
	 * @param now the monotonic time
	 * @param delay nanoseconds until it starts
	 * @param regular nanoseconds that the policy gives an attempt
	 * @param left nanoseconds from its start until the deadline
	 */
	Attempt(int number, boolean hedge, Endpoint endpoint, long now, long delay, long regular, long left) {
		this.number = number;
		this.hedge = hedge;
		this.endpoint = endpoint;
		this.instance = endpoint.instance();
		this.delay = delay;
		this.started = now + delay;
		this.timeout = Math.min(regular, left);
		this.limited = this.timeout != Long.MAX_VALUE;
		this.cutShort = left < NEARLY_ALL * regular;
		endpoint.attemptStarted(this.started);
	}

	@Override
	public int number() {
		return this.number;
	}

	/**
	 * Returns whether the attempt is made beside the first one, not after it.
	 * @return whether it is a {@link CallPlan#hedge() hedge}
	 */
	public boolean isHedge() {
		return this.hedge;
	}

	/**
	 * Returns the endpoint that the attempt goes to.
	 * @return the endpoint
	 */
	public Endpoint endpoint() {
		return this.endpoint;
	}

	/**
	 * Returns the endpoint's instance as it was when the endpoint was picked.
	 * @return the instance
	 */
	public Instance instance() {
		return this.instance;
	}

	@Override
	public long delay() {
		return this.delay;
	}

	/**
	 * Returns whether the attempt has a timeout.
	 * @return whether there is a timeout
	 */
	public boolean isLimited() {
		return this.limited;
	}

	/**
	 * Returns the time after which the attempt times out if no response has begun.
	 * @return nanoseconds from its start, meaningless unless the attempt is limited
	 */
	public long timeout() {
		return this.timeout;
	}

	/**
	 * Returns whether the deadline leaves the attempt less time than the policy gives it.
	 * A timeout of such an attempt says nothing about the endpoint.
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
	 * @param answered whether the endpoint has responded
	 * @param now the monotonic time
	 */
	void decide(boolean answered, long now) {
		if (setOnce(DECIDED)) {
			this.endpoint.attemptDecided(answered, now);
		}
	}

	/**
	 * Ends the attempt: its response was read, closed, failed or cancelled. Does nothing
	 * the second time.
	 */
	public void release() {
		decide(false, this.started);
		if (setOnce(RELEASED)) {
			this.endpoint.attemptEnded();
		}
	}

	private boolean setOnce(int bit) {
		int before;
		do {
			before = this.state;
			if ((before & bit) != 0) {
				return false;
			}
		}
		while (!STATE.compareAndSet(this, before, before | bit));
		return true;
	}

}
