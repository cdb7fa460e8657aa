package io.redmesh.core.call;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/** That a call counts among those under way, until it leaves. */
final class Permit {

	/** For calls that are not counted. */
	static final Permit UNCOUNTED = new Permit(null);

	private final @Nullable AtomicInteger calls;

	private final AtomicBoolean held = new AtomicBoolean(true);

	private Permit(@Nullable AtomicInteger calls) {
		this.calls = calls;
	}

	/**
	 * Takes one, if there are any left.
	 * @param calls the calls under way
	 * @param max how many there may be
	 * @return the permit, or null
	 */
	static @Nullable Permit take(AtomicInteger calls, int max) {
		if (calls.incrementAndGet() <= max) {
			return new Permit(calls);
		}
		calls.decrementAndGet();
		return null;
	}

	/** Leaves; does nothing the second time. */
	void leave() {
		if (this.calls != null && this.held.compareAndSet(true, false)) {
			this.calls.decrementAndGet();
		}
	}

}
