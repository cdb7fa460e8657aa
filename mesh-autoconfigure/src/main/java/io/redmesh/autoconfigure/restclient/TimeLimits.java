package io.redmesh.autoconfigure.restclient;

import java.time.Duration;

import io.redmesh.autoconfigure.call.Expiry;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The time limits of blocking attempts. Each thread has a place in which its limit
 * stands, so that to begin and to end one costs next to nothing.
 * <p>
 * Safe for use by many threads.
 */
final class TimeLimits {

	private final Expiry expiry;

	private final Timer timer;

	private final ThreadLocal<Place> places = ThreadLocal.withInitial(this::place);

	TimeLimits(Time time, Timer timer) {
		this.expiry = new Expiry(time, timer);
		this.timer = timer;
	}

	private Place place() {
		Place place = new Place(this.expiry);
		this.expiry.add(place);
		return place;
	}

	/**
	 * Limits what the current thread does next.
	 * @param timeout for how long, or null for as long as it takes
	 * @return the limit, to be ended by the same thread
	 */
	TimeLimit begin(@Nullable Duration timeout) {
		if (timeout == null) {
			return new TimeLimit(0, null);
		}
		if (timeout.compareTo(Expiry.SHORT) < 0) {
			TimeLimit limit = new TimeLimit(0, null);
			Timer.Scheduled scheduled = this.timer.schedule(timeout, limit::exceed);
			limit.onEnd(scheduled::cancel);
			return limit;
		}
		Place place = this.places.get();
		TimeLimit limit = new TimeLimit(this.expiry.deadline(timeout), place);
		place.begin(limit);
		this.expiry.begin();
		return limit;
	}

	/** Where the limit of a thread stands, the innermost one if there are several. */
	static final class Place implements Expiry.Watched {

		private final Thread thread = Thread.currentThread();

		private final Expiry expiry;

		// Written by the thread alone.
		private volatile @Nullable TimeLimit running;

		Place(Expiry expiry) {
			this.expiry = expiry;
		}

		private void begin(TimeLimit limit) {
			limit.around(this.running);
			this.running = limit;
		}

		void end(TimeLimit limit) {
			this.running = limit.around();
		}

		@Override
		public boolean isBusy() {
			return this.running != null;
		}

		@Override
		public void look(long now) {
			for (TimeLimit limit = this.running; limit != null; limit = limit.around()) {
				if (now - limit.deadline() >= 0) {
					limit.exceed();
				}
			}
			if (!this.thread.isAlive()) {
				this.expiry.remove(this);
			}
		}

	}

}
