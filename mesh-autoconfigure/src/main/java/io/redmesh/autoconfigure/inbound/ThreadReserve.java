package io.redmesh.autoconfigure.inbound;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import io.redmesh.core.time.Time;

/**
 * The threads of a servlet container. A tenth of them is a reserve. It serves requests
 * like the others while the app answers, so a crowd is not refused that is soon served.
 * But once the app is stuck it is left for what must not wait: refusals and probes. Its
 * last thread is not given away before it is clear which of the two it is.
 * <p>
 * Safe for use by many threads.
 */
final class ThreadReserve {

	private static final Duration LOOK = Duration.ofMillis(10);

	private final AtomicInteger busy = new AtomicInteger();

	private final int threads;

	private final int most;

	private final BooleanSupplier stuck;

	private final Time time;

	private ThreadReserve(int threads, int most, BooleanSupplier stuck, Time time) {
		this.threads = threads;
		this.most = most;
		this.stuck = stuck;
		this.time = time;
	}

	/**
	 * Returns a pool of threads.
	 * @param threads how many there are
	 * @param min how many may be busy in any case
	 * @param stuck tells whether the app does not answer at all, asked for each request
	 * that comes while the reserve is used
	 * @param time lets the last thread wait
	 * @return the pool
	 */
	static ThreadReserve of(int threads, int min, BooleanSupplier stuck, Time time) {
		return new ThreadReserve(threads, Math.max(min, threads - Math.max(1, threads / 10)), stuck, time);
	}

	/**
	 * Returns threads of which there are always enough.
	 * @return the pool
	 */
	static ThreadReserve unlimited() {
		return new ThreadReserve(Integer.MAX_VALUE, Integer.MAX_VALUE, () -> false, Time.system());
	}

	/**
	 * Makes the current thread busy. The last thread of the reserve waits until another
	 * is free or the app is known to be stuck.
	 * @param vital whether it may use the reserve in any case
	 * @return whether it has
	 */
	boolean tryEnter(boolean vital) {
		if (this.busy.incrementAndGet() <= this.most || vital || mayUseReserve()) {
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
				this.time.sleep(LOOK);
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
