package io.redmesh.autoconfigure.inbound;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The rate at which requests are served while many are in flight: only then does the app
 * set the pace. Together with their number, the rate predicts how long the next request
 * takes (Little's law), before any slow request has ended.
 * <p>
 * The prediction errs on the side of the caller. The best of the last windows counts, so
 * that a pause of the machine is not taken for a slow app. Nor is an app called slow
 * because requests of another kind take long in it: once a request overtakes them, the
 * prediction falls. CoDel, too, goes by the <em>shortest</em> stay in a queue (Nichols
 * and Jacobson, <em>Controlling Queue Delay</em>, ACM Queue 2012). That is known only
 * when the queue has grown; here each stay is divided by the number of requests ahead.
 * <p>
 * Safe for use by many threads; a race counts a request for the wrong window.
 */
final class ServiceRate {

	/** The value for a response time from which nothing is to be learned. */
	static final long UNKNOWN = Long.MAX_VALUE;

	private static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(100);

	/** The maximum length in nanoseconds of a window in which few requests are served. */
	private static final long MAX_WINDOW = TimeUnit.SECONDS.toNanos(1);

	private static final int ENOUGH = 20;

	private static final int WINDOWS = 3;

	/** The factor by which the times of requests of one kind may differ. */
	private static final double SPREAD = 4;

	private final int minimum;

	private final AtomicInteger served = new AtomicInteger();

	private final double[] recent = new double[WINDOWS];

	private int windows;

	private volatile boolean measured;

	private volatile long began;

	private volatile double nanosEach;

	private final Overtaking overtaking = new Overtaking();

	/**
	 * Creates a rate that is unknown.
	 * @param minimum the number of requests in flight from which the rate is measured
	 */
	ServiceRate(int minimum) {
		this.minimum = minimum;
	}

	/**
	 * Returns whether enough requests are left to measure the rate. Forgets the rate if
	 * they are not.
	 * @param left the number of requests that are still in flight or queued
	 * @return whether the rate is measured
	 */
	boolean isMeasured(int left) {
		if (left >= this.minimum) {
			return true;
		}
		if (this.measured) {
			forget();
		}
		return false;
	}

	private synchronized void forget() {
		this.measured = false;
		this.nanosEach = 0;
		this.windows = 0;
		this.overtaking.forget();
	}

	/**
	 * Counts a served request while many are in flight.
	 * @param now the monotonic time in nanoseconds
	 * @param took nanoseconds that it took, or {@link #UNKNOWN}
	 * @param concurrency the number of requests in flight at its arrival, itself included
	 */
	void served(long now, long took, int concurrency) {
		if (took != UNKNOWN && concurrency >= this.minimum) {
			this.overtaking.add(now, (double) took / concurrency);
		}
		if (!this.measured) {
			this.served.set(0);
			this.began = now;
			this.measured = true;
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
		// A single window may contain a pause.
		this.nanosEach = (this.windows < WINDOWS) ? 0
				: Math.min(this.recent[0], Math.min(this.recent[1], this.recent[2]));
	}

	/**
	 * Predicts how long a request takes until it leaves the queue, or is answered.
	 * @param before the number of requests ahead
	 * @return nanoseconds, 0 if the rate is unknown
	 */
	double predict(int before) {
		return before * this.nanosEach;
	}

	/**
	 * Predicts how long a request takes that may overtake other requests.
	 * @param before the number of requests ahead
	 * @param now the monotonic time in nanoseconds
	 * @param horizon nanoseconds to look back for requests that overtook others
	 * @return nanoseconds, 0 if the rate is unknown
	 */
	double predict(int before, long now, long horizon) {
		return before * Math.min(this.nanosEach, SPREAD * this.overtaking.within(now, horizon));
	}

}
