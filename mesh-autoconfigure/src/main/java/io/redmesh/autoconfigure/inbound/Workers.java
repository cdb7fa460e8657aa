package io.redmesh.autoconfigure.inbound;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of a servlet container. What waits for one of them is seen by nobody, so a
 * tenth of them is kept free: to refuse, to answer probes, and so that nothing waits.
 * <p>
 * Safe for use by many threads.
 */
final class Workers {

	private final AtomicInteger busy = new AtomicInteger();

	private final int most;

	private Workers(int most) {
		this.most = most;
	}

	/**
	 * Returns a pool of threads.
	 * @param threads how many there are
	 * @param min how many may be busy in any case
	 * @return the pool
	 */
	static Workers of(int threads, int min) {
		return new Workers(Math.max(min, threads - Math.max(1, threads / 10)));
	}

	/**
	 * Returns threads of which there are always enough.
	 * @return the pool
	 */
	static Workers unlimited() {
		return new Workers(Integer.MAX_VALUE);
	}

	/**
	 * Makes the current thread busy.
	 * @param vital whether it may take one of those that are kept free
	 * @return whether it has
	 */
	boolean tryEnter(boolean vital) {
		if (this.busy.incrementAndGet() <= this.most || vital) {
			return true;
		}
		leave();
		return false;
	}

	void leave() {
		this.busy.decrementAndGet();
	}

	int busy() {
		return this.busy.get();
	}

}
