package io.redmesh.autoconfigure.call;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;

/**
 * Looks at everything that has a time limit, every {@value #TICK_MILLIS} ms while there
 * is any. Nearly all attempts end in time by themselves, so that one look at all of them
 * costs less than a timer for each; limits below {@link #SHORT} are to have one.
 * <p>
 * Safe for use by many threads.
 */
public final class Expiry {

	/** What is shorter would be exceeded too late. */
	public static final Duration SHORT = Duration.ofMillis(200);

	private static final int TICK_MILLIS = 20;

	private static final Duration TICK = Duration.ofMillis(TICK_MILLIS);

	private final Time time;

	private final Timer timer;

	private final Set<Watched> watched = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean ticking = new AtomicBoolean();

	/**
	 * Creates it, looking at nothing.
	 * @param time tells when a limit is exceeded
	 * @param timer wakes it
	 */
	public Expiry(Time time, Timer timer) {
		this.time = time;
		this.timer = timer;
	}

	/** What is looked at. */
	public interface Watched {

		/**
		 * Tells whether there is anything to look at.
		 * @return whether there is
		 */
		boolean isBusy();

		/**
		 * Ends what has exceeded its time.
		 * @param now monotonic nanoseconds
		 */
		void look(long now);

	}

	/**
	 * Returns when a limit that begins now is exceeded.
	 * @param timeout its length
	 * @return monotonic nanoseconds
	 */
	public long deadline(Duration timeout) {
		return this.time.nanos() + timeout.toNanos();
	}

	/**
	 * Looks at something from now on.
	 * @param one what
	 */
	public void add(Watched one) {
		this.watched.add(one);
	}

	/**
	 * Does not look at something any more.
	 * @param one what
	 */
	public void remove(Watched one) {
		this.watched.remove(one);
	}

	/** Something that is looked at has become busy. */
	public void begin() {
		if (!this.ticking.get() && this.ticking.compareAndSet(false, true)) {
			this.timer.schedule(TICK, this::tick);
		}
	}

	private void tick() {
		try {
			long now = this.time.nanos();
			this.watched.forEach((one) -> one.look(now));
		}
		finally {
			this.ticking.set(false);
			// What has begun since has not begun to tick.
			if (this.watched.stream().anyMatch(Watched::isBusy)) {
				begin();
			}
		}
	}

}
