package io.redmesh.autoconfigure.inbound;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import io.redmesh.core.time.Time;

/**
 * The threads of a servlet container, a tenth of which is a reserve. While the app
 * answers, the reserve serves requests like the other threads, so that a short burst is
 * not refused. Once the app is stuck, the reserve is kept for what must not wait:
 * refusals and probes. The last thread of the reserve is not used before it is clear
 * whether the app is stuck.
 * <p>
 * Safe for use by many threads.
 */
final class ThreadReserve {

	private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

	private final AtomicInteger busy = new AtomicInteger();

	private final int threads;

	private final int withoutReserve;

	private final BooleanSupplier stuck;

	private final Time time;

	private ThreadReserve(int threads, int withoutReserve, BooleanSupplier stuck, Time time) {
		this.threads = threads;
		this.withoutReserve = withoutReserve;
		this.stuck = stuck;
		this.time = time;
	}

	/**
	 * Returns the reserve of a pool of threads.
	 * @param threads the number of threads
	 * @param min the number of threads that may be busy in any case
	 * @param stuck returns whether the app is stuck, asked for each request that arrives
	 * while the reserve is used
	 * @param time the clock by which the last thread waits
	 * @return the reserve
	 */
	static ThreadReserve of(int threads, int min, BooleanSupplier stuck, Time time) {
		return new ThreadReserve(threads, Math.max(min, threads - Math.max(1, threads / 10)), stuck, time);
	}

	/**
	 * Returns the reserve of a pool that always has enough threads.
	 * @return the reserve
	 */
	static ThreadReserve unlimited() {
		return new ThreadReserve(Integer.MAX_VALUE, Integer.MAX_VALUE, () -> false, Time.system());
	}

	/**
	 * Counts the current thread as busy, if it may serve a request. The last thread of
	 * the reserve waits until another is free or the app is known to be stuck.
	 * @param vital whether the request may use the reserve in any case
	 * @return whether the thread may serve the request
	 */
	boolean tryEnter(boolean vital) {
		if (this.busy.incrementAndGet() <= this.withoutReserve || vital || mayUseReserve()) {
			return true;
		}
		leave();
		return false;
	}

	private boolean mayUseReserve() {
		try {
			while (!this.stuck.getAsBoolean()) {
				if (this.busy.get() < this.threads) {
					return true;
				}
				this.time.sleep(POLL_INTERVAL);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return false;
	}

	void leave() {
		this.busy.decrementAndGet();
	}

	int busy() {
		return this.busy.get();
	}

}
