package io.redmesh.autoconfigure.inbound;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The rate at which requests are served while many are in flight: only then the app sets
 * the pace. Together with their number it tells how long the next one takes (Little's
 * law), before any of those that take long is over.
 * <p>
 * It errs on the side of the caller. The best of the last windows counts, so that a pause
 * of the machine is not taken for a slow app. And an app is not called slow because other
 * requests take long in it: once one overtakes them, less is predicted. CoDel, too, goes
 * by the <em>shortest</em> stay in a queue (Nichols and Jacobson, <em>Controlling Queue
 * Delay</em>, ACM Queue 2012), which is known only when the queue has grown, though; here
 * each stay is set against the number of those before it.
 * <p>
 * Safe for use by many threads; a race counts one for the wrong window.
 */
final class ServiceRate {

	/** A stay of which nothing is to be learned. */
	static final long UNKNOWN = Long.MAX_VALUE;

	private static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(100);

	/** A window in which few are served lasts longer, but not longer than this. */
	private static final long MAX_WINDOW = TimeUnit.SECONDS.toNanos(1);

	private static final int ENOUGH = 20;

	private static final int WINDOWS = 3;

	/** Requests that take so many times as long as others are still of one kind. */
	private static final double SPREAD = 4;

	private final int few;

	private final AtomicInteger served = new AtomicInteger();

	private final double[] recent = new double[WINDOWS];

	private int windows;

	private volatile boolean crowded;

	private volatile long began;

	private volatile double nanosEach;

	private final Overtaking overtaking = new Overtaking();

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
			forget();
		}
		return false;
	}

	private synchronized void forget() {
		this.crowded = false;
		this.nanosEach = 0;
		this.windows = 0;
		this.overtaking.forget();
	}

	/**
	 * Counts a request of a crowd that was served.
	 * @param now the monotonic time
	 * @param took nanoseconds that it stayed, or {@link #UNKNOWN}
	 * @param amongst how many were in flight when it came, with it
	 */
	void served(long now, long took, int amongst) {
		if (took != UNKNOWN && amongst >= this.few) {
			this.overtaking.add(now, (double) took / amongst);
		}
		if (!this.crowded) {
			this.served.set(0);
			this.began = now;
			this.crowded = true;
			return;
		}
		int count = this.served.incrementAndGet();
		if (isOver(now, count)) {
			close(now);
		}
	}

	private boolean isOver(long now, int count) {
		long past = now - this.began;
		return past >= WINDOW && (count >= ENOUGH || past >= MAX_WINDOW);
	}

	private synchronized void close(long now) {
		int count = this.served.get();
		if (!isOver(now, count)) {
			return;
		}
		this.served.set(0);
		this.recent[this.windows++ % WINDOWS] = (double) (now - this.began) / count;
		this.began = now;
		// A single window may have been a pause.
		this.nanosEach = (this.windows < WINDOWS) ? 0
				: Math.min(this.recent[0], Math.min(this.recent[1], this.recent[2]));
	}

	/**
	 * Predicts how long a request takes until it leaves the queue, or is answered.
	 * @param before how many are before it
	 * @return nanoseconds, 0 if that is unknown
	 */
	double predict(int before) {
		return before * this.nanosEach;
	}

	/**
	 * Predicts how long a request takes that may overtake others.
	 * @param before how many are before it
	 * @param now the monotonic time
	 * @param horizon nanoseconds to look back for those that did
	 * @return nanoseconds, 0 if that is unknown
	 */
	double predict(int before, long now, long horizon) {
		return before * Math.min(this.nanosEach, SPREAD * this.overtaking.within(now, horizon));
	}

}
