package io.redmesh.autoconfigure.inbound;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.netflix.concurrency.limits.Limit;
import com.netflix.concurrency.limits.limit.Gradient2Limit;
import com.netflix.concurrency.limits.limit.WindowedLimit;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;

/**
 * How many requests are served at the same time, and how many may be. The limit follows
 * Gradient2 of Netflix's <em>concurrency-limits</em>: in each window of time it is
 * multiplied by how fast answers were in the long run over how fast they are now, and
 * given a little room to grow; while less than half of it is used, it stays.
 * <p>
 * Safe for use by many threads.
 */
final class ConcurrencyLimit {

	/** What matters may exceed the limit by this share. */
	private static final double RESERVE = 0.2;

	/** Answers may take so many times as long as usual before the limit shrinks. */
	private static final double TOLERANCE = 2;

	private static final long MIN_WINDOW_MILLIS = 250;

	private static final long MAX_WINDOW_MILLIS = 1000;

	/** What is usual is an average over so many windows, ten minutes at least. */
	private static final int LONG_WINDOW = 2400;

	private final AtomicInteger inFlight = new AtomicInteger();

	private final Time time;

	private final long origin;

	private final @Nullable Gradient2Limit gradient;

	private final @Nullable Limit limit;

	/**
	 * Creates a limit.
	 * @param bounds its bounds
	 * @param time measures the answers
	 */
	ConcurrencyLimit(InboundProperties.Limit bounds, Time time) {
		this.time = time;
		this.origin = time.nanos();
		this.gradient = bounds.enabled() ? gradient(bounds) : null;
		this.limit = (this.gradient != null) ? windowed(this.gradient) : null;
	}

	private static Gradient2Limit gradient(InboundProperties.Limit bounds) {
		return Gradient2Limit.newBuilder()
			.initialLimit(bounds.initial())
			.minLimit(bounds.min())
			.maxConcurrency(bounds.max())
			.rttTolerance(TOLERANCE)
			.longWindow(LONG_WINDOW)
			.build();
	}

	private static Limit windowed(Limit limit) {
		return WindowedLimit.newBuilder()
			.minWindowTime(MIN_WINDOW_MILLIS, TimeUnit.MILLISECONDS)
			.maxWindowTime(MAX_WINDOW_MILLIS, TimeUnit.MILLISECONDS)
			.build(limit);
	}

	/**
	 * Begins to serve a request if there is room.
	 * @param reserve whether it may take from the reserve
	 * @return how many are served now with it, or 0 if there is no room
	 */
	int tryEnter(boolean reserve) {
		int room = room(reserve);
		int now = this.inFlight.get();
		while (now < room) {
			int witness = this.inFlight.compareAndExchange(now, now + 1);
			if (witness == now) {
				return now + 1;
			}
			now = witness;
		}
		return 0;
	}

	private int room(boolean reserve) {
		if (this.limit == null) {
			return Integer.MAX_VALUE;
		}
		int usual = this.limit.getLimit();
		return reserve ? usual + (int) Math.ceil(usual * RESERVE) : usual;
	}

	/** A request is served no more. */
	void leave() {
		this.inFlight.decrementAndGet();
	}

	/**
	 * Learns how long an answer took.
	 * @param began when the request came, by the monotonic clock
	 * @param took nanoseconds until it was answered
	 * @param amongst how many were served when it came, with it
	 * @param good whether it was answered as it should. Other answers say nothing when
	 * they were fast, but much when they were slow: something is stuck.
	 */
	void learn(long began, long took, int amongst, boolean good) {
		if (this.limit == null || this.gradient == null) {
			return;
		}
		if (good || took > this.gradient.getRttNoLoad(TimeUnit.NANOSECONDS)) {
			// The library takes the clock's readings for positive.
			this.limit.onSample(began - this.origin, took, amongst, false);
		}
	}

	long now() {
		return this.time.nanos();
	}

	int inFlight() {
		return this.inFlight.get();
	}

	boolean isEnabled() {
		return this.limit != null;
	}

	/**
	 * Returns the limit of the moment.
	 * @return how many may be served at the same time, meaningless unless it is enabled
	 */
	int limit() {
		return (this.limit != null) ? this.limit.getLimit() : 0;
	}

}
