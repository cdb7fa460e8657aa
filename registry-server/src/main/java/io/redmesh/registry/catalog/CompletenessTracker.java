package io.redmesh.registry.catalog;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.redmesh.core.registry.Lease;
import io.redmesh.core.time.Timer;
import io.redmesh.core.time.Timer.Scheduled;
import org.jspecify.annotations.Nullable;

/**
 * The rule that decides when an incomplete list is declared complete. Within one TTL
 * every instance renews, or learns that it must register again. That is too short for
 * thousands of instances that register at once with a server that has just started. So
 * the wait continues while instances still register. While the store is away no instance
 * can register, so silence proves nothing. Therefore only a sweep without grace completes
 * the list.
 */
final class CompletenessTracker {

	// Every instance renews at least this often.
	private static final Duration QUIET = Lease.DEFAULT_TTL.dividedBy(3);

	// An instance that cannot register for so long must not keep the list incomplete.
	private static final Duration LIMIT = Lease.DEFAULT_TTL.multipliedBy(10);

	private final Timer timer;

	private final AtomicLong arrivals = new AtomicLong();

	private long arrivalsBefore;

	private long waits;

	private boolean quiet;

	private @Nullable Runnable complete;

	private Scheduled next = () -> {
	};

	CompletenessTracker(Timer timer) {
		this.timer = timer;
	}

	/** Notes that a missing instance has registered, or was told to register. */
	void noteArrival() {
		this.arrivals.incrementAndGet();
	}

	/**
	 * Begins a wait for completeness, which replaces the one before.
	 * @param atLeast the shortest time to wait
	 * @param complete what to run then, on the thread of a sweep
	 */
	synchronized void await(Duration atLeast, Runnable complete) {
		cancel();
		this.complete = complete;
		this.waits = LIMIT.dividedBy(QUIET);
		this.arrivalsBefore = this.arrivals.get();
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
	 * Notes that the store has answered a sweep.
	 * @param grace whether grace holds, so that instances may still be missing
	 */
	void swept(boolean grace) {
		Runnable ending = ending(grace);
		if (ending != null) {
			// Not under this lock: the action takes the lock of the catalog.
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
		this.arrivalsBefore = this.arrivals.get();
		this.next = this.timer.schedule(QUIET, this::due);
	}

	private synchronized void due() {
		if (this.arrivals.get() == this.arrivalsBefore || --this.waits < 0) {
			this.quiet = true;
		}
		else {
			observe();
		}
	}

}
