package io.redmesh.autoconfigure.restclient;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The time limits of blocking attempts. Nearly all attempts end in time by themselves, so
 * one look at all every {@value #TICK_MILLIS} ms costs less than a timer for each; only
 * limits below ten times that have one.
 * <p>
 * Safe for use by many threads.
 */
final class TimeLimits {

	private static final int TICK_MILLIS = 20;

	private static final Duration TICK = Duration.ofMillis(TICK_MILLIS);

	private static final Duration SHORT = TICK.multipliedBy(10);

	private final Time time;

	private final Timer timer;

	private final Set<TimeLimit> running = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean ticking = new AtomicBoolean();

	TimeLimits(Time time, Timer timer) {
		this.time = time;
		this.timer = timer;
	}

	/**
	 * Limits what the current thread does next.
	 * @param timeout for how long, or null for as long as it takes
	 * @return the limit, to be ended by the same thread
	 */
	TimeLimit begin(@Nullable Duration timeout) {
		if (timeout == null) {
			return new TimeLimit(0);
		}
		TimeLimit limit = new TimeLimit(this.time.nanos() + timeout.toNanos());
		if (timeout.compareTo(SHORT) < 0) {
			Timer.Scheduled scheduled = this.timer.schedule(timeout, limit::exceed);
			limit.onEnd(scheduled::cancel);
			return limit;
		}
		this.running.add(limit);
		limit.onEnd(() -> this.running.remove(limit));
		tickSoon();
		return limit;
	}

	private void tickSoon() {
		if (!this.ticking.get() && this.ticking.compareAndSet(false, true)) {
			this.timer.schedule(TICK, this::tick);
		}
	}

	private void tick() {
		try {
			long now = this.time.nanos();
			for (TimeLimit limit : this.running) {
				if (now - limit.deadline() >= 0) {
					limit.exceed();
				}
			}
		}
		finally {
			this.ticking.set(false);
			if (!this.running.isEmpty()) {
				tickSoon();
			}
		}
	}

}
