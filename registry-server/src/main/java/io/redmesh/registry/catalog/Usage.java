package io.redmesh.registry.catalog;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether anybody uses a namespace; one that nobody uses may be given up.
 * <p>
 * Safe for use by many threads.
 */
public final class Usage {

	private final AtomicInteger users = new AtomicInteger();

	private volatile int looks;

	private volatile int usedAt;

	Usage() {
	}

	/** Notes that somebody uses it. */
	public void used() {
		this.usedAt = this.looks;
	}

	/**
	 * Begins or ends a use that lasts.
	 * @param users one more or one less
	 */
	public void retain(int users) {
		this.users.addAndGet(users);
		used();
	}

	/**
	 * Tells since when nobody has used it, in looks, of which this is one. One thread
	 * looks.
	 * @return how many; zero while it is in use
	 */
	int unusedLooks() {
		int now = this.looks + 1;
		this.looks = now;
		return (this.users.get() > 0) ? 0 : now - this.usedAt;
	}

}
