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
 * The requests that are served at the same time, and whether one more is to be. It is not
 * if its answer would come too late (see {@link ServiceRate}): where its caller has said
 * how long it waits, that is the time in which those before it and it are served; where
 * the caller has not, the time in the server's queue alone.
 * <p>
 * Where the app asks for it their number is limited as well. The limit follows Gradient2
 * of Netflix's <em>concurrency-limits</em>: in each window of time it is multiplied by
 * how fast answers were in the long run over how fast they are now, and given a little
 * room to grow. Fast enough is as good as fast: what nobody waits long for is no reason
 * to refuse (WeChat's DAGOR tolerates a queue of a twenty-fifth of the timeout; Zhou et
 * al., <em>Overload Control for Scaling WeChat Microservices</em>, 2018). While less than
 * half of it is used, it stays. Once that was so for ten seconds, a limit that had shrunk
 * is what it was at first: what it was in an overload long gone would refuse the next
 * small crowd. A crowd that passes soon may exceed it.
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

	/** So many first values are averaged evenly. */
	private static final int FIRST_WINDOWS = 10;

	/** An answer that is expected after this share of what its caller waits may come. */
	private static final double HOPE = 2.0 / 3;

	/** A limit of which less than half is used for so long has had its day. */
	private static final long CALM = TimeUnit.SECONDS.toNanos(10);

	private static final long HORIZON = TimeUnit.SECONDS.toNanos(1);

	/** So often a request is let in that seems to come too late, to see if it does. */
	private static final long TRIAL = TimeUnit.SECONDS.toNanos(1);

	private final AtomicInteger inFlight = new AtomicInteger();

	private final AtomicLong trial;

	private final Stall stall;

	private final @Nullable Duration late;

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
	 * Creates it.
	 * @param bounds the bounds of the limit
	 * @param late how long callers wait that do not say so, zero for any time, or null if
	 * no answer comes too late
	 * @param waiting those that have come, but not to this place yet
	 * @param time measures the answers
	 */
	ConcurrencyLimit(InboundProperties.Limit bounds, @Nullable Duration late, WaitingRequests waiting, Time time) {
		this.late = late;
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
	 * Tells whether the answer to a request will come in time. One each second is said to
	 * be, to see whether the prediction is true.
	 * @param patience for how many nanoseconds its caller said it waits, or null
	 * @return whether it will, or that is unknown
	 */
	boolean isInTime(@Nullable Long patience) {
		return this.late == null || !isLate(this.late, patience) || isTrial();
	}

	private boolean isLate(Duration unsaid, @Nullable Long patience) {
		int queue = this.waiting.count();
		int amongst = this.inFlight.get();
		if (amongst + queue < this.bounds.min()) {
			return false;
		}
		double wait = this.rate.predict(queue);
		if (patience == null) {
			// How long its work may take is not known, but that a queue is of no use.
			return !unsaid.isZero() && wait > unsaid.toNanos() * HOPE;
		}
		double left = patience * HOPE - wait;
		return this.rate.predict(amongst) > left && this.rate.predict(amongst, this.time.nanos(), patience) > left;
	}

	/**
	 * Predicts how long the next request takes.
	 * @return nanoseconds, 0 if few are in flight or that is unknown
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
	 * Begins to serve a request if there is room.
	 * @param reserve whether it may take from the reserve
	 * @return how many are served now with it, or 0 if there is no room
	 */
	int tryEnter(boolean reserve) {
		int room = room(reserve);
		int now = this.inFlight.get();
		while (now < room || isTolerated(now, room)) {
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

	private boolean isTolerated(int now, int room) {
		return this.burst.tolerates(this.time.nanos()) && now - room < this.bounds.initial() / 2;
	}

	/**
	 * Counts a request no more.
	 * @param took nanoseconds that it took, or {@link ServiceRate#UNKNOWN} if that says
	 * nothing about others
	 * @param amongst how many were served when it came, with it
	 */
	void leave(long took, int amongst) {
		this.stall.answered();
		int left = this.inFlight.decrementAndGet();
		if (this.rate.isCrowd(left + this.waiting.count())) {
			this.rate.served(this.time.nanos(), took, amongst);
		}
	}

	/**
	 * Tells whether nothing is answered any more although requests come.
	 * @return whether that has been so for a second
	 */
	boolean isStuck() {
		return this.stall.isStuck(this.time.nanos());
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
		Gradient current = this.gradient;
		if (current == null) {
			return;
		}
		if (good || took > current.usual()) {
			// The library takes the clock's readings for positive.
			current.learn(began - this.origin, Math.max(took, this.fast), amongst);
		}
		rest(current, amongst);
	}

	private void rest(Gradient current, int amongst) {
		int limit = current.limit();
		if (limit >= this.bounds.initial() || amongst * 2 >= limit) {
			this.lastUsed = this.time.nanos();
		}
		else if (this.time.nanos() - this.lastUsed > CALM) {
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
	 * Returns the limit of the moment.
	 * @return how many may be served at the same time; without a limit, what it would
	 * begin with
	 */
	int limit() {
		Gradient current = this.gradient;
		return (current != null) ? current.limit() : this.bounds.initial();
	}

	/** The library's limit, told of its answers by windows of time. */
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

		/** As {@link #create}, but what is usual is known. */
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

		/** Returns how many nanoseconds an answer usually takes. */
		long usual() {
			return this.limits.getRttNoLoad(TimeUnit.NANOSECONDS);
		}

		void learn(long began, long took, int amongst) {
			this.windows.onSample(began, took, amongst, false);
		}

	}

}
