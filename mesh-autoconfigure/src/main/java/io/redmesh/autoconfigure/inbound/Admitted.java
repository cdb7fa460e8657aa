package io.redmesh.autoconfigure.inbound;

import java.util.concurrent.atomic.AtomicBoolean;

import io.redmesh.autoconfigure.call.ServedRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request that is served, from its arrival to whatever ends it.
 * <p>
 * Safe for use by many threads.
 */
final class Admitted implements Decision {

	private final AtomicBoolean inFlight;

	private final ServedRequest served;

	private final ConcurrencyLimit limit;

	private final boolean measured;

	private final int amongst;

	private final long began;

	private volatile long took = -1;

	/**
	 * Creates a request that takes a place.
	 * @param served what its own calls must know
	 * @param limit what it counts towards
	 * @param measured whether its time says how busy the app is
	 * @param amongst how many are served now with it
	 */
	Admitted(ServedRequest served, ConcurrencyLimit limit, boolean measured, int amongst) {
		this(served, limit, measured, amongst, true);
	}

	private Admitted(ServedRequest served, ConcurrencyLimit limit, boolean measured, int amongst, boolean inFlight) {
		this.served = served;
		this.limit = limit;
		this.measured = measured;
		this.amongst = amongst;
		this.began = limit.now();
		this.inFlight = new AtomicBoolean(inFlight);
	}

	/**
	 * Returns a request that takes no place and teaches nothing.
	 * @param served what its own calls must know
	 * @param limit tells the time
	 * @return the request
	 */
	static Admitted probe(ServedRequest served, ConcurrencyLimit limit) {
		return new Admitted(served, limit, false, 0, false);
	}

	ServedRequest served() {
		return this.served;
	}

	/**
	 * Tells whose failure an answer passes on.
	 * @param status the status of the answer
	 * @return the service, or null if the answer is no failure or is its own
	 */
	@Nullable String failedAt(int status) {
		return (status >= 500) ? this.served.failedAt() : null;
	}

	/** The answer begins; how long the rest takes is up to who reads it. */
	void answered() {
		this.served.answerBegan();
		if (this.took < 0) {
			this.took = this.limit.now() - this.began;
		}
	}

	/**
	 * The answer goes on for as long as its reader likes, or is made by others: it takes
	 * no place any more, and nothing is learned from it.
	 */
	void goesOnElsewhere() {
		if (this.inFlight.compareAndSet(true, false)) {
			this.limit.leave(ServiceRate.UNKNOWN, this.amongst);
		}
	}

	/**
	 * It is over. Only the first end counts.
	 * @param good whether it was answered as it should
	 */
	void end(boolean good) {
		this.served.answerBegan();
		if (this.inFlight.compareAndSet(true, false)) {
			answered();
			this.limit.leave((this.measured && good) ? this.took : ServiceRate.UNKNOWN, this.amongst);
			if (this.measured) {
				this.limit.learn(this.began, this.took, this.amongst, good);
			}
		}
	}

}
