package io.redmesh.autoconfigure.call;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;

/**
 * A periodic scan of all running timeouts, every {@value #TICK_MILLIS} ms while there are
 * any. Nearly all attempts end before their timeout, so one scan costs less than a timer
 * for each. Timeouts below {@link #SHORT} need a timer of their own.
 * <p>
 * Safe for use by many threads.
 */
public final class TimeoutScanner {

	/** The shortest timeout that a scan ends accurately enough. */
	public static final Duration SHORT = Duration.ofMillis(200);

	private static final int TICK_MILLIS = 20;

	private static final Duration TICK = Duration.ofMillis(TICK_MILLIS);

	private final Time time;

	private final Timer timer;

	private final Set<Target> targets = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean ticking = new AtomicBoolean();

	/**
	 * Creates a scanner without targets.
	 * @param time the clock of the deadlines
	 * @param timer the timer that runs the scans
	 */
	public TimeoutScanner(Time time, Timer timer) {
		this.time = time;
		this.timer = timer;
	}

	/** A holder of timeouts. */
	public interface Target {

		/**
		 * Returns whether a timeout is running.
		 * @return false if a scan would find nothing
		 */
		boolean isBusy();

		/**
		 * Ends all work whose deadline has passed.
		 * @param now monotonic nanoseconds
		 */
		void scan(long now);

	}

	/**
	 * Returns the deadline of a timeout that begins now.
	 * @param timeout the duration of the timeout
	 * @return monotonic nanoseconds
	 */
	public long deadline(Duration timeout) {
		return this.time.nanos() + timeout.toNanos();
	}

	/**
	 * Adds a target.
	 * @param target the target
	 */
	public void add(Target target) {
		this.targets.add(target);
	}

	/**
	 * Removes a target.
	 * @param target the target
	 */
	public void remove(Target target) {
		this.targets.remove(target);
	}

	/** Starts the scans, after a target has become busy. */
	public void wakeUp() {
		if (!this.ticking.get() && this.ticking.compareAndSet(false, true)) {
			this.timer.schedule(TICK, this::tick);
		}
	}

	private void tick() {
		try {
			long now = this.time.nanos();
			this.targets.forEach((target) -> target.scan(now));
		}
		finally {
			this.ticking.set(false);
			// A target that became busy meanwhile saw this scan running and started none.
			if (this.targets.stream().anyMatch(Target::isBusy)) {
				wakeUp();
			}
		}
	}

}
