package io.redmesh.core.endpoint;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.redmesh.core.time.RecentCounts;

/**
 * The outcomes of the attempts at one endpoint.
 * <p>
 * Safe for use by many threads.
 */
final class OutcomeHistory {

	/** The largest penalty: about a quarter is left after 11 s without a failure. */
	static final float MAX_PENALTY = 4;

	private static final Duration PENALTY_CONSTANT = Duration.ofSeconds(4);

	private static final int ALL = 0;

	private static final int FAILED = 1;

	private static final int REJECTED = 2;

	private final AtomicInteger failuresInARow = new AtomicInteger();

	private final AtomicInteger gatewayFailuresInARow = new AtomicInteger();

	private final AtomicInteger unansweredInARow = new AtomicInteger();

	private final Decaying penalty = new Decaying(PENALTY_CONSTANT);

	private final RecentCounts counts = new RecentCounts();

	private final RecentCounts relays = new RecentCounts();

	/**
	 * Counts the end of an attempt.
	 * @param result the result of the attempt for the endpoint
	 * @param nanos the monotonic time now
	 * @return the number of consecutive failures so far
	 */
	int count(Result result, long nanos) {
		return switch (result) {
			case SUCCESS, REJECTION -> {
				end(this.failuresInARow);
				end(this.gatewayFailuresInARow);
				end(this.unansweredInARow);
				if (this.penalty.value(nanos) > 0) {
					this.penalty.change(0.5F, 0, MAX_PENALTY, nanos);
				}
				this.counts.add(ALL, nanos);
				if (result == Result.REJECTION) {
					this.counts.add(REJECTED, nanos);
				}
				yield 0;
			}
			case FAILURE, GATEWAY_FAILURE, UNANSWERED, UNREACHABLE, CERTIFICATE -> {
				this.penalty.change(1, 1, MAX_PENALTY, nanos);
				this.counts.add(ALL, nanos);
				this.counts.add(FAILED, nanos);
				boolean answered = result == Result.FAILURE || result == Result.GATEWAY_FAILURE;
				goOn(this.unansweredInARow, !answered);
				goOn(this.gatewayFailuresInARow, result != Result.FAILURE);
				yield this.failuresInARow.incrementAndGet();
			}
			case RELAY -> {
				// Only comparisons matter: if all endpoints relay failures, all seem
				// equally slow.
				this.penalty.change(1, 1, MAX_PENALTY, nanos);
				this.counts.add(ALL, nanos);
				this.relays.add(ALL, nanos);
				yield this.failuresInARow.get();
			}
			case NOTHING -> this.failuresInARow.get();
		};
	}

	private static void goOn(AtomicInteger row, boolean counts) {
		if (counts) {
			row.incrementAndGet();
		}
		else {
			end(row);
		}
	}

	// Most attempts succeed and follow a success.
	private static void end(AtomicInteger row) {
		if (row.get() != 0) {
			row.set(0);
		}
	}

	/**
	 * Returns the consecutive failures of the statuses 502 to 504 or without response.
	 */
	int gatewayFailuresInARow() {
		return this.gatewayFailuresInARow.get();
	}

	/** Returns the consecutive attempts without a response. */
	int unansweredInARow() {
		return this.unansweredInARow.get();
	}

	/**
	 * Returns the penalty for failures.
	 * @param nanos the monotonic time now
	 * @return 0 for none, up to {@value #MAX_PENALTY}
	 */
	float penalty(long nanos) {
		return this.penalty.value(nanos);
	}

	int attempts(long nanos) {
		return this.counts.sum(ALL, nanos);
	}

	int failures(long nanos) {
		return this.counts.sum(FAILED, nanos);
	}

	int compared(Result result, long nanos) {
		return (result == Result.RELAY) ? this.relays.sum(ALL, nanos) : this.counts.sum(REJECTED, nanos);
	}

	void forget() {
		this.relays.forget();
		end(this.failuresInARow);
		end(this.gatewayFailuresInARow);
		end(this.unansweredInARow);
		this.penalty.forget();
		this.counts.forget();
	}

}
