package io.redmesh.registry.catalog;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.redmesh.core.registry.Lease;
import io.redmesh.core.time.Timer;
import io.redmesh.core.time.Timer.Scheduled;
import org.jspecify.annotations.Nullable;

/**
 * When a list in which something may be missing is called complete. One TTL is time
 * enough for everybody to renew, and to learn that one has to register again; but not for
 * thousands who come at once to a server that has just started. So it waits on while
 * somebody still comes. While the store is away nobody can come, and silence means
 * nothing: the last word has a sweep that finds no grace.
 */
final class CompletenessTracker {

	// All renew at least as often.
	private static final Duration QUIET = Lease.DEFAULT_TTL.dividedBy(3);

	// Whoever cannot come in so long must not keep all others waiting.
	private static final Duration LIMIT = Lease.DEFAULT_TTL.multipliedBy(10);

	private final Timer timer;

	private final AtomicLong comers = new AtomicLong();

	private long counted;

	private long waits;

	private boolean quiet;

	private @Nullable Runnable complete;

	private Scheduled next = () -> {
	};

	CompletenessTracker(Timer timer) {
		this.timer = timer;
	}

	/** Somebody came who was missing, or was told to come. */
	void comes() {
		this.comers.incrementAndGet();
	}

	/**
	 * Begins to wait, instead of what was waited for before.
	 * @param atLeast how long
	 * @param complete what to do then, on the thread of a sweep
	 */
	synchronized void await(Duration atLeast, Runnable complete) {
		cancel();
		this.complete = complete;
		this.waits = LIMIT.dividedBy(QUIET);
		this.counted = this.comers.get();
		Duration unobserved = atLeast.minus(QUIET);
		this.next = unobserved.isNegative() ? this.timer.schedule(atLeast, this::due)
				: this.timer.schedule(unobserved, this::observe);
	}

	synchronized void cancel() {
		this.next.cancel();
		this.quiet = false;
		this.complete = null;
	}

	/**
	 * The store has answered to a sweep.
	 * @param grace whether it says that nobody can be missed yet
	 */
	void swept(boolean grace) {
		Runnable ending = ending(grace);
		if (ending != null) {
			// Without the lock: it takes that of the catalog.
			ending.run();
		}
	}

	private synchronized @Nullable Runnable ending(boolean grace) {
		if (!this.quiet) {
			return null;
		}
		if (grace) {
			observe();
			return null;
		}
		Runnable ending = this.complete;
		cancel();
		return ending;
	}

	private synchronized void observe() {
		this.quiet = false;
		this.counted = this.comers.get();
		this.next = this.timer.schedule(QUIET, this::due);
	}

	private synchronized void due() {
		if (this.comers.get() == this.counted || --this.waits < 0) {
			this.quiet = true;
		}
		else {
			observe();
		}
	}

}
