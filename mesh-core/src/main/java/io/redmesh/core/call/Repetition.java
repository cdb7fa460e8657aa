package io.redmesh.core.call;

/**
 * Whether a call may be made again. Its driver learns more of that while it is under way.
 * <p>
 * Safe for use by many threads.
 */
final class Repetition {

	private final boolean retries;

	private volatile boolean possible = true;

	private volatile boolean idempotent;

	Repetition(CallTerms terms) {
		this.retries = terms.retries();
		this.idempotent = terms.idempotent();
	}

	/** Part of the request is gone. */
	void becomesImpossible() {
		this.possible = false;
	}

	/** It must not be done twice, whatever the terms said. */
	void becomesHarmful() {
		this.idempotent = false;
	}

	/**
	 * Tells whether the call may be made twice even if the first time it was done.
	 * @return whether it may
	 */
	boolean isHarmless() {
		return this.possible && this.idempotent && this.retries;
	}

	/**
	 * Tells whether the call may be made again.
	 * @param outcome how its attempt has ended
	 * @return whether it may
	 */
	boolean isPermittedAfter(Outcome outcome) {
		boolean harmless = outcome.isHarmless() || (this.idempotent && outcome.isWorthRepeating());
		return this.possible && harmless && (this.retries || outcome.isNoLoad());
	}

}
