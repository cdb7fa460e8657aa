package io.redmesh.autoconfigure.inbound;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The time for which an app has answered nothing although requests arrive. It tells a
 * stuck app, whose next request would not be answered in time either, from a slow one. A
 * pause of the whole machine does not count: no requests arrive during it.
 * <p>
 * Safe for use by many threads.
 */
final class Stall {

	/** The time without a response after which an app counts as stuck. */
	static final Duration PATIENCE = Duration.ofSeconds(1);

	/** The maximum time in nanoseconds that is counted between two requests. */
	private static final long STEP = TimeUnit.MILLISECONDS.toNanos(100);

	private volatile long silent;

	private long lastCheck;

	/**
	 * Creates it for an app that has just answered.
	 * @param now the monotonic time in nanoseconds
	 */
	Stall(long now) {
		this.lastCheck = now;
	}

	/** Resets the time: a request was answered. */
	void answered() {
		if (this.silent != 0) {
			end();
		}
	}

	private synchronized void end() {
		this.silent = 0;
	}

	/**
	 * Decides on a request that arrives while nearly all threads are busy.
	 * @param now the monotonic time in nanoseconds
	 * @return whether the app is stuck
	 */
	synchronized boolean isStuck(long now) {
		this.silent += Math.min(now - this.lastCheck, STEP);
		this.lastCheck = now;
		return this.silent >= PATIENCE.toNanos();
	}

}
