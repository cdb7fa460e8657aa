package io.redmesh.autoconfigure.inbound;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How fast requests are served while many are there at once: only then it is the app that
 * sets the pace. Together with how many are there it tells how long the next one takes
 * (Little's law), before any of those that take long is over.
 * <p>
 * Safe for use by many threads; a race counts one for the wrong window.
 */
final class ServiceRate {

	private static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(100);

	private final int few;

	private final AtomicInteger served = new AtomicInteger();

	private volatile boolean crowded;

	private volatile long began;

	private volatile double nanosEach;

	/**
	 * Creates it.
	 * @param few how many there may be that are no crowd
	 */
	ServiceRate(int few) {
		this.few = few;
	}

	/**
	 * Tells whether it is worth while to say when a request was served.
	 * @param left how many are left
	 * @return whether they are a crowd
	 */
	boolean isCrowd(int left) {
		if (left >= this.few) {
			return true;
		}
		if (this.crowded) {
			this.crowded = false;
			this.nanosEach = 0;
		}
		return false;
	}

	/**
	 * One of a crowd was served.
	 * @param now the monotonic time
	 */
	void served(long now) {
		if (!this.crowded) {
			this.served.set(0);
			this.began = now;
			this.crowded = true;
			return;
		}
		int count = this.served.incrementAndGet();
		long past = now - this.began;
		if (past >= WINDOW) {
			this.served.set(0);
			this.began = now;
			double before = this.nanosEach;
			double each = (double) past / count;
			this.nanosEach = (before == 0) ? each : (before + each) / 2;
		}
	}

	/**
	 * Predicts how long a request takes.
	 * @param inFlight how many are there before it
	 * @return nanoseconds, 0 if that is unknown
	 */
	double predict(int inFlight) {
		return inFlight * this.nanosEach;
	}

}
