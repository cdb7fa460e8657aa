package io.redmesh.registry.catalog;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The use of a namespace by requests and watches. An unused namespace may be dropped.
 * <p>
 * Safe for use by many threads.
 */
public final class Usage {

	private final AtomicInteger users = new AtomicInteger();

	private volatile int comparisons;

	private volatile int usedAt;

	Usage() {
	}

	/** Notes a request. */
	public void used() {
		this.usedAt = this.comparisons;
	}

	/**
	 * Begins or ends a watch.
	 * @param users 1 to begin, -1 to end
	 */
	public void retain(int users) {
		this.users.addAndGet(users);
		used();
	}

	/**
	 * Counts a comparison, and returns the number of comparisons since the last use.
	 * Called by one thread.
	 * @return zero while the namespace is in use
	 */
	int countUnused() {
		int now = this.comparisons + 1;
		this.comparisons = now;
		return (this.users.get() > 0) ? 0 : now - this.usedAt;
	}

}
