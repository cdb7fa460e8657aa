package io.redmesh.core.call;

/**
 * The repeatability of a call: whether another attempt is permitted. The driver of the
 * call updates it while the call is in flight.
 * <p>
 * Safe for use by many threads.
 */
public final class Repetition {

	private final boolean retries;

	private volatile boolean possible = true;

	private volatile boolean harmful;

	private volatile boolean idempotent;

	Repetition(CallTerms terms) {
		this.retries = terms.retries();
		this.idempotent = terms.idempotent();
	}

	/** Forbids further attempts, because part of the request is gone. */
	public void becomesImpossible() {
		this.possible = false;
	}

	/**
	 * Permits a further attempt only if the current one has certainly done nothing,
	 * whatever the terms say.
	 */
	public void becomesHarmful() {
		this.harmful = true;
	}

	/**
	 * Corrects the terms, which did not know the whole request.
	 * @param idempotent whether executing the call twice does no harm
	 */
	public void idempotent(boolean idempotent) {
		this.idempotent = idempotent;
	}

	private boolean mayBeDoneTwice() {
		return this.idempotent && !this.harmful;
	}

	/**
	 * Returns whether the call may be repeated even if it was executed the first time.
	 * @return whether it may
	 */
	boolean isRepeatable() {
		return this.possible && mayBeDoneTwice() && this.retries;
	}

	/**
	 * Returns whether the call may be repeated after an outcome.
	 * @param outcome the outcome of the attempt
	 * @return whether it may
	 */
	boolean isPermittedAfter(Outcome outcome) {
		boolean harmless = outcome.provesNotExecuted() || (mayBeDoneTwice() && outcome.isWorthRepeating());
		return this.possible && harmless && (this.retries || outcome.isNoLoad());
	}

}
