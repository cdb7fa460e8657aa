package io.redmesh.autoconfigure.inbound;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The silence of an app that answers nothing although requests come. It tells an app that
 * is stuck, whose next request would not be answered in time either, from one that is
 * merely slow. A pause of the whole machine is no silence: requests do not come meanwhile
 * either.
 * <p>
 * Safe for use by many threads.
 */
final class Stall {

	/** An app that has been silent for so long is stuck. */
	static final Duration PATIENCE = Duration.ofSeconds(1);

	/** No more is counted from one request to the next. */
	private static final long STEP = TimeUnit.MILLISECONDS.toNanos(100);

	private volatile long silent;

	private long looked;

	/**
	 * Creates it.
	 * @param now the monotonic time
	 */
	Stall(long now) {
		this.looked = now;
	}

	/** Ends the silence: a request was answered. */
	void answered() {
		if (this.silent != 0) {
			end();
		}
	}

	private synchronized void end() {
		this.silent = 0;
	}

	/**
	 * Decides on a request that comes while nearly all threads are busy.
	 * @param now the monotonic time
	 * @return whether the app is stuck
	 */
	synchronized boolean isStuck(long now) {
		this.silent += Math.min(now - this.looked, STEP);
		this.looked = now;
		return this.silent >= PATIENCE.toNanos();
	}

}
