package io.redmesh.autoconfigure.inbound;

import java.util.concurrent.atomic.AtomicBoolean;

import io.redmesh.autoconfigure.call.ServedRequest;
import org.jspecify.annotations.Nullable;

/**
 * An admitted request, from its arrival to its end.
 * <p>
 * Safe for use by many threads.
 */
final class Admitted implements Decision {

	private final AtomicBoolean inFlight;

	private final ServedRequest served;

	private final ConcurrencyLimit limit;

	private final boolean measured;

	private final int concurrency;

	private final long began;

	private volatile long took = -1;

	/**
	 * Creates a request that counts as in flight.
	 * @param served the deadline and attempt that its own calls need
	 * @param limit the limit that it counts towards
	 * @param measured whether its response time says how busy the app is
	 * @param concurrency the number of requests in flight at its arrival, itself included
	 */
	Admitted(ServedRequest served, ConcurrencyLimit limit, boolean measured, int concurrency) {
		this(served, limit, measured, concurrency, true);
	}

	private Admitted(ServedRequest served, ConcurrencyLimit limit, boolean measured, int concurrency,
			boolean inFlight) {
		this.served = served;
		this.limit = limit;
		this.measured = measured;
		this.concurrency = concurrency;
		this.began = limit.now();
		this.inFlight = new AtomicBoolean(inFlight);
	}

	/**
	 * Creates a request that does not count as in flight and teaches nothing.
	 * @param served the deadline and attempt that its own calls need
	 * @param limit the source of the time
	 * @return the request
	 */
	static Admitted probe(ServedRequest served, ConcurrencyLimit limit) {
		return new Admitted(served, limit, false, 0, false);
	}

	ServedRequest served() {
		return this.served;
	}

	/**
	 * Returns the service whose failure a response passes on.
	 * @param status the status of the response
	 * @return the service, or null if the response is no failure or the failure is this
	 * app's own
	 */
	@Nullable String failedAt(int status) {
		return (status >= 500) ? this.served.failedAt() : null;
	}

	/** Records that the response begins. The time from here on depends on its reader. */
	void responseBegan() {
		this.served.answerBegan();
		if (this.took < 0) {
			this.took = this.limit.now() - this.began;
		}
	}

	/**
	 * Stops counting the request as in flight and learns nothing from it. Its response
	 * lasts as long as the reader likes, or another thread makes it.
	 */
	void releaseSlot() {
		if (this.inFlight.compareAndSet(true, false)) {
			this.limit.leave(ServiceRate.UNKNOWN, this.concurrency);
		}
	}

	/**
	 * Ends the request. Only the first end counts.
	 * @param good whether the request succeeded
	 */
	void end(boolean good) {
		this.served.answerBegan();
		if (this.inFlight.compareAndSet(true, false)) {
			responseBegan();
			this.limit.leave((this.measured && good) ? this.took : ServiceRate.UNKNOWN, this.concurrency);
			if (this.measured) {
				this.limit.learn(this.began, this.took, this.concurrency, good);
			}
		}
	}

}
