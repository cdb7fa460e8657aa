package io.redmesh.autoconfigure.inbound;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import com.netflix.concurrency.limits.Limit;
import com.netflix.concurrency.limits.limit.Gradient2Limit;
import com.netflix.concurrency.limits.limit.WindowedLimit;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;

/**
 * The requests in flight, and the decision whether one more may be served. A request is
 * refused if its response would come too late (see {@link ServiceRate}). If the caller
 * has sent a timeout, it must cover the requests ahead and this one. If it has not, only
 * the time in the server's queue counts.
 * <p>
 * If the app enables it, the number of requests in flight is limited as well. The limit
 * follows Gradient2 of Netflix's <em>concurrency-limits</em>. In each time window it is
 * multiplied by the ratio of the long-term response time to the current one, and given a
 * little room to grow. A response that is fast enough counts as fast: a short wait is no
 * reason to refuse (WeChat's DAGOR tolerates a queue of a twenty-fifth of the timeout;
 * Zhou et al., <em>Overload Control for Scaling WeChat Microservices</em>, 2018). While
 * less than half of the limit is used, it stays. After ten seconds of that, a limit that
 * had shrunk returns to its initial value: the value from a past overload would refuse
 * the next small burst. A short burst may exceed the limit.
 * <p>
 * Safe for use by many threads.
 */
final class ConcurrencyLimit {

	/** The share by which vital and high-priority requests may exceed the limit. */
	private static final double RESERVE = 0.2;

	/** The factor by which responses may slow down before the limit shrinks. */
	private static final double TOLERANCE = 2;

	private static final long MIN_WINDOW_MILLIS = 250;

	private static final long MAX_WINDOW_MILLIS = 1000;

	/** The number of windows in the long-term average; at least ten minutes of them. */
	private static final int LONG_WINDOW = 2400;

	/** The number of first values that the long-term average weighs equally. */
	private static final int FIRST_WINDOWS = 10;

	/** The share of a caller's waiting time within which a response must be expected. */
	private static final double USABLE_SHARE = 2.0 / 3;

	/** The time in nanoseconds after which a shrunken limit of low use is reset. */
	private static final long IDLE_TIME = TimeUnit.SECONDS.toNanos(10);

	private static final long HORIZON = TimeUnit.SECONDS.toNanos(1);

	/** The interval in nanoseconds at which a late request is admitted as a check. */
	private static final long TRIAL = TimeUnit.SECONDS.toNanos(1);

	private final AtomicInteger inFlight = new AtomicInteger();

	private final AtomicLong trial;

	private final Stall stall;

	private final @Nullable Duration defaultPatience;

	private final WaitingRequests waiting;

	private final Time time;

	private final long origin;

	private final InboundProperties.Limit bounds;

	private final long fast;

	private final Burst burst;

	private final ServiceRate rate;

	private volatile @Nullable Gradient gradient;

	private volatile long lastUsed;

	/**
	 * Creates a limit without requests in flight.
	 * @param bounds the bounds of the limit
	 * @param defaultPatience the time that callers wait if they do not say so. Zero means
	 * any time; null means that no request is refused as too late
	 * @param waiting the requests in the server's queue, which have not arrived here yet
	 * @param time the clock that measures response times
	 */
	ConcurrencyLimit(InboundProperties.Limit bounds, @Nullable Duration defaultPatience, WaitingRequests waiting,
			Time time) {
		this.defaultPatience = defaultPatience;
		this.waiting = waiting;
		this.time = time;
		this.origin = time.nanos();
		this.trial = new AtomicLong(this.origin);
		this.stall = new Stall(this.origin);
		this.lastUsed = this.origin;
		this.bounds = bounds;
		this.fast = bounds.fastWithin().toNanos();
		this.burst = new Burst(bounds.burst().toNanos(), this.origin);
		this.rate = new ServiceRate(bounds.min());
		this.gradient = bounds.enabled() ? Gradient.create(bounds) : null;
	}

	/**
	 * Returns whether the response to a request is expected in time. Each second, one
	 * request that seems too late passes, to check the prediction.
	 * @param patience how long its caller still waits, or null if the caller did not say
	 * so
	 * @return whether it is expected in time, or the time is unknown
	 */
	boolean isInTime(@Nullable Duration patience) {
		return this.defaultPatience == null || !isLate(this.defaultPatience, patience) || isTrial();
	}

	private boolean isLate(Duration defaultPatience, @Nullable Duration patience) {
		int queue = this.waiting.count();
		int inFlight = this.inFlight.get();
		if (inFlight + queue < this.bounds.min()) {
			return false;
		}
		double wait = this.rate.predict(queue);
		if (patience == null) {
			// The time that the work may take is unknown, but a long queue is of no use.
			return !defaultPatience.isZero() && wait > defaultPatience.toNanos() * USABLE_SHARE;
		}
		long nanos = patience.toNanos();
		double left = nanos * USABLE_SHARE - wait;
		return this.rate.predict(inFlight) > left && this.rate.predict(inFlight, this.time.nanos(), nanos) > left;
	}

	/**
	 * Predicts how long the next request takes.
	 * @return nanoseconds, 0 if few requests are in flight or the time is unknown
	 */
	double predict() {
		return this.rate.predict(this.waiting.count())
				+ this.rate.predict(this.inFlight.get(), this.time.nanos(), HORIZON);
	}

	private boolean isTrial() {
		long now = this.time.nanos();
		long last = this.trial.get();
		return now - last >= TRIAL && this.trial.compareAndSet(last, now);
	}

	/**
	 * Counts a request as in flight if there is room.
	 * @param reserve whether the request may use the reserve
	 * @return the number of requests in flight with this one, or 0 if there is no room
	 */
	int tryEnter(boolean reserve) {
		int room = room(reserve);
		int now = this.inFlight.get();
		while (now < room || isBurst(now, room)) {
			int witness = this.inFlight.compareAndExchange(now, now + 1);
			if (witness == now) {
				return now + 1;
			}
			now = witness;
		}
		return 0;
	}

	private int room(boolean reserve) {
		Gradient current = this.gradient;
		if (current == null) {
			return Integer.MAX_VALUE;
		}
		int usual = current.limit();
		return reserve ? usual + (int) Math.ceil(usual * RESERVE) : usual;
	}

	private boolean isBurst(int now, int room) {
		return this.burst.tolerates(this.time.nanos()) && now - room < this.bounds.initial() / 2;
	}

	/**
	 * Stops counting a request as in flight.
	 * @param took nanoseconds that it took, or {@link ServiceRate#UNKNOWN} if its time
	 * says nothing about other requests
	 * @param concurrency the number of requests in flight at its arrival, itself included
	 */
	void leave(long took, int concurrency) {
		this.stall.answered();
		int left = this.inFlight.decrementAndGet();
		if (this.rate.isMeasured(left + this.waiting.count())) {
			this.rate.served(this.time.nanos(), took, concurrency);
		}
	}

	/**
	 * Returns whether the app is stuck.
	 * @return whether requests have arrived for a second and none was answered
	 */
	boolean isStuck() {
		return this.stall.isStuck(this.time.nanos());
	}

	/**
	 * Adapts the limit to the time of a response.
	 * @param began the monotonic time of the request's arrival in nanoseconds
	 * @param took nanoseconds from its arrival until its response
	 * @param concurrency the number of requests in flight at its arrival, itself included
	 * @param good whether the request succeeded. A fast failure teaches nothing, but a
	 * slow one does: something is stuck.
	 */
	void learn(long began, long took, int concurrency, boolean good) {
		Gradient current = this.gradient;
		if (current == null) {
			return;
		}
		if (good || took > current.usual()) {
			// The library expects positive clock readings.
			current.learn(began - this.origin, Math.max(took, this.fast), concurrency);
		}
		resetIfIdle(current, concurrency);
	}

	private void resetIfIdle(Gradient current, int concurrency) {
		int limit = current.limit();
		if (limit >= this.bounds.initial() || concurrency * 2 >= limit) {
			this.lastUsed = this.time.nanos();
		}
		else if (this.time.nanos() - this.lastUsed > IDLE_TIME) {
			this.gradient = Gradient.afresh(this.bounds, current.usual());
		}
	}

	long now() {
		return this.time.nanos();
	}

	int inFlight() {
		return this.inFlight.get();
	}

	boolean isEnabled() {
		return this.bounds.enabled();
	}

	/**
	 * Returns the current limit.
	 * @return the number of requests that may be in flight; without a limit, the initial
	 * value that it would have
	 */
	int limit() {
		Gradient current = this.gradient;
		return (current != null) ? current.limit() : this.bounds.initial();
	}

	/** The limit of the library, fed with response times by time windows. */
	private record Gradient(Gradient2Limit limits, Limit windows) {

		static Gradient create(InboundProperties.Limit bounds) {
			Gradient2Limit limits = Gradient2Limit.newBuilder()
				.initialLimit(bounds.initial())
				.minLimit(bounds.min())
				.maxConcurrency(bounds.max())
				.rttTolerance(TOLERANCE)
				.longWindow(LONG_WINDOW)
				.build();
			return new Gradient(limits,
					WindowedLimit.newBuilder()
						.minWindowTime(MIN_WINDOW_MILLIS, TimeUnit.MILLISECONDS)
						.maxWindowTime(MAX_WINDOW_MILLIS, TimeUnit.MILLISECONDS)
						.build(limits));
		}

		/** Creates a limit whose long-term response time is known. */
		static Gradient afresh(InboundProperties.Limit bounds, long usual) {
			Gradient created = create(bounds);
			for (int i = 0; i < FIRST_WINDOWS; i++) {
				created.limits.onSample(0, usual, 0, false);
			}
			return created;
		}

		int limit() {
			return this.limits.getLimit();
		}

		/** Returns the long-term response time in nanoseconds. */
		long usual() {
			return this.limits.getRttNoLoad(TimeUnit.NANOSECONDS);
		}

		void learn(long began, long took, int concurrency) {
			this.windows.onSample(began, took, concurrency, false);
		}

	}

}
