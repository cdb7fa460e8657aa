package io.redmesh.core.call;

import java.util.concurrent.atomic.AtomicBoolean;

import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.instance.Instance;

/**
 * One try of a call at one endpoint. Must be reported to {@link CallPlan#after} exactly
 * once, and released when its answer has been read.
 * <p>
 * Releasing is safe for use by many threads.
 */
public final class Attempt {

	private final int number;

	private final boolean hedge;

	private final Endpoint endpoint;

	private final Instance instance;

	private final long delay;

	private final long started;

	private final boolean limited;

	private final long timeout;

	private final AtomicBoolean inFlight = new AtomicBoolean(true);

	Attempt(int number, boolean hedge, Endpoint endpoint, long now, long delay, long timeout) {
		this.number = number;
		this.hedge = hedge;
		this.endpoint = endpoint;
		this.instance = endpoint.instance();
		this.delay = delay;
		this.started = now + delay;
		this.limited = timeout != Long.MAX_VALUE;
		this.timeout = timeout;
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

	long started() {
		return this.started;
	}

	/**
	 * Its answer was read, closed, failed or cancelled: it is no load any more. Does
	 * nothing the second time.
	 */
	public void release() {
		if (this.inFlight.compareAndSet(true, false)) {
			this.endpoint.attemptEnded();
		}
	}

}
