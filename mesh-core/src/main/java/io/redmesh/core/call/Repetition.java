package io.redmesh.core.call;

/**
 * Whether a call may be made again. Its driver learns more of that while it is under way.
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

	/** No attempt follows the current one, since part of the request is gone. */
	public void becomesImpossible() {
		this.possible = false;
	}

	/**
	 * An attempt follows the current one only if that has certainly done nothing,
	 * whatever the terms say.
	 */
	public void becomesHarmful() {
		this.harmful = true;
	}

	/**
	 * Corrects the terms, which did not know the whole request.
	 * @param idempotent whether doing it twice does no harm
	 */
	public void idempotent(boolean idempotent) {
		this.idempotent = idempotent;
	}

	private boolean mayBeDoneTwice() {
		return this.idempotent && !this.harmful;
	}

	/**
	 * Tells whether the call may be made twice even if the first time it was done.
	 * @return whether it may
	 */
	boolean isRepeatable() {
		return this.possible && mayBeDoneTwice() && this.retries;
	}

	/**
	 * Tells whether the call may be made again.
	 * @param outcome how its attempt has ended
	 * @return whether it may
	 */
	boolean isPermittedAfter(Outcome outcome) {
		boolean harmless = outcome.provesNotExecuted() || (mayBeDoneTwice() && outcome.isWorthRepeating());
		return this.possible && harmless && (this.retries || outcome.isNoLoad());
	}

}
