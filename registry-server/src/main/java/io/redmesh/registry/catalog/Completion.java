package io.redmesh.registry.catalog;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.redmesh.core.registry.Lease;
import io.redmesh.core.time.Timer;
import io.redmesh.core.time.Timer.Scheduled;

/**
 * When a list in which something may be missing is called complete. One TTL is time
 * enough for everybody to renew, and to learn that one has to register again; but not for
 * thousands who come at once to a server that has just started. So it waits on while
 * somebody still comes.
 */
final class Completion {

	// All renew at least as often.
	private static final Duration QUIET = Lease.DEFAULT_TTL.dividedBy(3);

	// Whoever cannot come in so long must not keep all others waiting.
	private static final Duration LIMIT = Lease.DEFAULT_TTL.multipliedBy(10);

	private final Timer timer;

	private final AtomicLong comers = new AtomicLong();

	private long counted;

	private long waits;

	private Scheduled next = () -> {
	};

	Completion(Timer timer) {
		this.timer = timer;
	}

	/** Somebody came who was missing, or was told to come. */
	void comes() {
		this.comers.incrementAndGet();
	}

	/**
	 * Begins to wait, instead of what was waited for before.
	 * @param atLeast how long
	 * @param complete what to do then, on the timer's thread
	 */
	synchronized void await(Duration atLeast, Runnable complete) {
		this.next.cancel();
		this.waits = LIMIT.dividedBy(QUIET);
		this.counted = this.comers.get();
		Duration unobserved = atLeast.minus(QUIET);
		this.next = unobserved.isNegative() ? this.timer.schedule(atLeast, () -> due(complete))
				: this.timer.schedule(unobserved, () -> observe(complete));
	}

	synchronized void cancel() {
		this.next.cancel();
	}

	private synchronized void observe(Runnable complete) {
		this.counted = this.comers.get();
		this.next = this.timer.schedule(QUIET, () -> due(complete));
	}

	private void due(Runnable complete) {
		if (isQuiet()) {
			complete.run();
		}
		else {
			observe(complete);
		}
	}

	private synchronized boolean isQuiet() {
		return this.comers.get() == this.counted || --this.waits < 0;
	}

}
