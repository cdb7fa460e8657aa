package io.redmesh.core.call;

/**
 * The repeatability of a call: it decides whether an attempt may be followed by another.
 * The driver of the call updates it while the call is in flight. The number of attempts,
 * the deadline, the retry budget and the endpoints are limits of {@link CallPlan}.
 * <p>
 * Safe for use by many threads.
 */
public final class Repetition {

	private final boolean retries;

	private volatile boolean possible;

	private volatile boolean harmful;

	private volatile boolean idempotent;

	Repetition(CallTerms terms) {
		this.retries = terms.retries();
		this.possible = terms.pinned() == null;
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

	/**
	 * Returns whether the call may be repeated even if it was executed the first time.
	 * @return whether it may
	 */
	boolean isRepeatable() {
		return this.possible && this.idempotent && !this.harmful && this.retries;
	}

	/**
	 * Decides on a further attempt, as far as the call itself permits one.
	 * @param outcome the outcome of the attempt
	 * @param effect the effect of the attempt on its receiver
	 * @param attempts the number of attempts so far
	 * @return the decision
	 */
	Retry after(Outcome outcome, Outcome.Effect effect, int attempts) {
		if (!this.possible) {
			return Retry.NEVER;
		}
		return switch (effect) {
			case NO_LOAD -> Retry.AT_ONCE;
			case NOT_EXECUTED -> this.retries ? Retry.ON_BUDGET : Retry.NEVER;
			case UNKNOWN -> isRepeatable() ? afterUnknown(outcome, attempts) : Retry.NEVER;
			case FINAL -> Retry.NEVER;
		};
	}

	// When an instance is killed, all its calls in flight break at once and are no load
	// any more. So each of them may be retried once without budget.
	private static Retry afterUnknown(Outcome outcome, int attempts) {
		return (outcome == Outcome.BROKEN && attempts == 1) ? Retry.AFTER_DELAY : Retry.ON_BUDGET;
	}

	/** The decision on a further attempt. */
	enum Retry {

		/** No further attempt. */
		NEVER(false, false),

		/** A further attempt without delay, which is no more load than the call was. */
		AT_ONCE(false, false),

		/**
		 * A further attempt after the backoff, which is no more load than the call was.
		 */
		AFTER_DELAY(true, false),

		/** A further attempt after the backoff, if the retry budget permits it. */
		ON_BUDGET(true, true);

		private final boolean delayed;

		private final boolean budgeted;

		Retry(boolean delayed, boolean budgeted) {
			this.delayed = delayed;
			this.budgeted = budgeted;
		}

		boolean isDelayed() {
			return this.delayed;
		}

		boolean needsBudget() {
			return this.budgeted;
		}

	}

}
