package io.redmesh.core.endpoint;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.redmesh.core.instance.Instance;

/**
 * This process's handle on one instance: the newest fact about it and what calls have
 * taught about it. It lives as long as the incarnation does; new snapshots only refresh
 * the fact.
 * <p>
 * Safe for use by many threads.
 */
public final class Endpoint {

	private static final Duration FIRST_AVOIDANCE = Duration.ofSeconds(1);

	private static final int MAX_DOUBLINGS = 5;

	private final EndpointPool pool;

	private final AtomicInteger inFlight = new AtomicInteger();

	private volatile Instance instance;

	private volatile Reachability reachability = Reachability.ASSUMED;

	Endpoint(EndpointPool pool, Instance instance) {
		this.pool = pool;
		this.instance = instance;
	}

	/**
	 * Returns the newest fact about the instance.
	 * @return the instance
	 */
	public Instance instance() {
		return this.instance;
	}

	void refresh(Instance instance) {
		this.instance = instance;
	}

	/**
	 * Returns how many attempts of this process are under way at this instance.
	 * @return zero or more
	 */
	public int inFlight() {
		return this.inFlight.get();
	}

	/**
	 * An attempt begins. If the endpoint was avoided until now, this attempt alone finds
	 * out whether it can be reached again; until it has, others keep away for twice as
	 * long as before (after the probation of linkerd's failure accrual).
	 * @param nanos the monotonic time now
	 */
	public void attemptStarted(long nanos) {
		this.inFlight.incrementAndGet();
		if (this.reachability.failures > 0) {
			avoid(nanos);
		}
	}

	/** An attempt that had begun is over, however it went. Exactly once for each. */
	public void attemptEnded() {
		this.inFlight.decrementAndGet();
	}

	/**
	 * The instance answered: whatever was held against it is forgotten.
	 */
	public void reached() {
		if (this.reachability.failures > 0) {
			this.reachability = Reachability.ASSUMED;
			this.pool.restored(this);
		}
	}

	/**
	 * No connection could be made. The endpoint is avoided for a second, then twice as
	 * long with each further failure, up to half a minute, while there are others.
	 * @param nanos the monotonic time now
	 */
	public void unreachable(long nanos) {
		if (avoid(nanos)) {
			this.pool.avoided(this);
		}
	}

	// What failed together counts once.
	private boolean avoid(long nanos) {
		Reachability last = this.reachability;
		if (last.isAvoided(nanos)) {
			return false;
		}
		int doublings = Math.min(last.failures, MAX_DOUBLINGS);
		long until = nanos + (FIRST_AVOIDANCE.toNanos() << doublings);
		this.reachability = new Reachability(last.failures + 1, until);
		this.pool.rebuild(nanos);
		return true;
	}

	/**
	 * Tells whether this endpoint is avoided because it could not be reached.
	 * @param nanos the monotonic time now
	 * @return whether others are to be preferred
	 */
	public boolean isAvoided(long nanos) {
		return this.reachability.isAvoided(nanos);
	}

	long avoidedUntil() {
		return this.reachability.until;
	}

	@Override
	public String toString() {
		return this.instance.service() + "/" + this.instance.id();
	}

	/**
	 * How many connections have failed in a row, and until when that is held against it.
	 */
	private record Reachability(int failures, long until) {

		static final Reachability ASSUMED = new Reachability(0, 0);

		boolean isAvoided(long nanos) {
			return this.failures > 0 && nanos - this.until < 0;
		}

	}

}
