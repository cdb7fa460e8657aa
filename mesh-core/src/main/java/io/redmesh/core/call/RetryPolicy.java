package io.redmesh.core.call;

import java.time.Duration;
import java.util.random.RandomGenerator;

import io.redmesh.core.time.Time;

/**
 * What may be tried again. Trying again is safe when nothing was done (no connection,
 * misdirected), and when doing it twice does no harm (an idempotent call, RFC 9110
 * section 9.2.2) and the receiver could not serve it.
 *
 * @param maxAttempts how many attempts one call may make in all, 1 to
 * {@value #MAX_ATTEMPTS}
 * @param firstDelay the longest wait before the second attempt, not negative; doubled for
 * each further one, the wait itself is up to chance (full jitter)
 * @param maxDelay the longest wait of all, at least {@code firstDelay}
 * @param budgetShare how many attempts beyond the first there may be for each call, 0 to
 * 1, on average over ten seconds and all calls of a destination
 * @param budgetMinimum how many there may be in ten seconds in any case, not negative
 * @param hedging when an unanswered attempt gets another one beside it
 */
public record RetryPolicy(int maxAttempts, Duration firstDelay, Duration maxDelay, double budgetShare,
		int budgetMinimum, HedgePolicy hedging) {

	/** The most attempts that one call may be allowed. */
	public static final int MAX_ATTEMPTS = 10;

	/** Envoy's delays and its budget. */
	public static final RetryPolicy DEFAULT = new RetryPolicy(3, Duration.ofMillis(25), Duration.ofMillis(250), 0.2, 3,
			HedgePolicy.NEVER);

	public RetryPolicy {
		if (maxAttempts < 1 || maxAttempts > MAX_ATTEMPTS) {
			throw new IllegalArgumentException(
					"maxAttempts: %d (expected: 1 to %d)".formatted(maxAttempts, MAX_ATTEMPTS));
		}
		if (firstDelay.isNegative() || maxDelay.compareTo(firstDelay) < 0) {
			throw new IllegalArgumentException("firstDelay: %s, maxDelay: %s (expected: 0 <= firstDelay <= maxDelay)"
				.formatted(firstDelay, maxDelay));
		}
		if (!(budgetShare >= 0 && budgetShare <= 1) || budgetMinimum < 0) {
			throw new IllegalArgumentException("budgetShare: %s, budgetMinimum: %d (expected: 0 to 1, and 0 or more)"
				.formatted(budgetShare, budgetMinimum));
		}
	}

	/**
	 * Returns a copy with another number of attempts.
	 * @param maxAttempts how many
	 * @return the copy
	 */
	public RetryPolicy withMaxAttempts(int maxAttempts) {
		return new RetryPolicy(maxAttempts, this.firstDelay, this.maxDelay, this.budgetShare, this.budgetMinimum,
				this.hedging);
	}

	/**
	 * Returns a copy that hedges otherwise.
	 * @param hedging when it does
	 * @return the copy
	 */
	public RetryPolicy with(HedgePolicy hedging) {
		return new RetryPolicy(this.maxAttempts, this.firstDelay, this.maxDelay, this.budgetShare, this.budgetMinimum,
				hedging);
	}

	/**
	 * Returns how long to wait before an attempt.
	 * @param attempts how many there have been, at least 1
	 * @param random the source of the jitter
	 * @return nanoseconds
	 */
	long delay(int attempts, RandomGenerator random) {
		double grown = Time.nanos(this.firstDelay) * Math.pow(2, attempts - 1);
		return random.nextLong((long) Math.min((double) Time.nanos(this.maxDelay), grown) + 1);
	}

}
