package io.redmesh.autoconfigure.inbound;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The rate at which requests are served while many are in flight: only then the app sets
 * the pace. Together with their number it tells how long the next one takes (Little's
 * law), before any of those that take long is over.
 * <p>
 * It errs on the side of the caller. The best of the last windows counts, so that a pause
 * of the machine is not taken for a slow app. And an app whose answers are fast is not
 * called slow because other requests take long in it: a fast answer bounds what is
 * predicted, as in CoDel a queue stands only while the <em>shortest</em> stay in it is
 * long (Nichols and Jacobson, <em>Controlling Queue Delay</em>, ACM Queue 2012).
 * <p>
 * Safe for use by many threads; a race counts one for the wrong window.
 */
final class ServiceRate {

	/** A stay of which nothing is to be learned. */
	static final long UNKNOWN = ShortestStay.NONE;

	private static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(100);

	/** A window in which few are served lasts longer, but not longer than this. */
	private static final long MAX_WINDOW = TimeUnit.SECONDS.toNanos(1);

	private static final int ENOUGH = 20;

	private static final int WINDOWS = 3;

	/** So many times longer may a queue have become since the last answers came to it. */
	private static final double GROWTH = 4;

	private final int few;

	private final AtomicInteger served = new AtomicInteger();

	private final double[] recent = new double[WINDOWS];

	private int windows;

	private volatile boolean crowded;

	private volatile long began;

	private volatile double nanosEach;

	private final ShortestStay stays = new ShortestStay();

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
		this.stays.forget();
	}

	/**
	 * Counts a request of a crowd that was served.
	 * @param now the monotonic time
	 * @param took nanoseconds that it stayed, or {@link #UNKNOWN}
	 */
	void served(long now, long took) {
		if (took != UNKNOWN) {
			this.stays.add(now, took);
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
	 * Bounds how long a request takes by those that were answered lately.
	 * @param now the monotonic time
	 * @param horizon nanoseconds to look back
	 * @return nanoseconds, infinite if none was answered
	 */
	double bound(long now, long horizon) {
		long shortest = this.stays.within(now, horizon);
		return (shortest != ShortestStay.NONE) ? GROWTH * shortest : Double.POSITIVE_INFINITY;
	}

}
