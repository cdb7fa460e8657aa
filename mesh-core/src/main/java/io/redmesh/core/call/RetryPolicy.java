package io.redmesh.core.call;

import java.time.Duration;
import java.util.random.RandomGenerator;

import io.redmesh.core.time.Time;
import io.redmesh.core.traffic.RetryRule;

/**
 * The policy of retries. A retry is safe when nothing was done (no connection,
 * misdirected). It is also safe when executing the call twice does no harm (an idempotent
 * call, RFC 9110 section 9.2.2) and the receiver could not serve it.
 *
 * @param maxAttempts the number of attempts of one call, 1 to {@value #MAX_ATTEMPTS}
 * @param firstDelay the longest wait before the second attempt, not negative; doubled for
 * each further one, the wait itself is random (full jitter)
 * @param maxDelay the longest wait of all, at least {@code firstDelay}
 * @param budgetShare the number of retries and hedges per call, 0 to 1, on average over
 * ten seconds and all calls of a destination
 * @param budgetMinimum the number of retries and hedges that are permitted in ten seconds
 * on top of that share, not negative
 * @param hedging the policy of hedging
 */
public record RetryPolicy(int maxAttempts, Duration firstDelay, Duration maxDelay, double budgetShare,
		int budgetMinimum, HedgePolicy hedging) {

	/** The largest permitted number of attempts. */
	public static final int MAX_ATTEMPTS = 10;

	/** The default policy: Envoy's delays and its budget. */
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
	 * @param maxAttempts the number of attempts
	 * @return the copy
	 */
	public RetryPolicy withMaxAttempts(int maxAttempts) {
		return new RetryPolicy(maxAttempts, this.firstDelay, this.maxDelay, this.budgetShare, this.budgetMinimum,
				this.hedging);
	}

	/**
	 * Returns a copy with another policy of hedging.
	 * @param hedging the policy of hedging
	 * @return the copy
	 */
	public RetryPolicy with(HedgePolicy hedging) {
		return new RetryPolicy(this.maxAttempts, this.firstDelay, this.maxDelay, this.budgetShare, this.budgetMinimum,
				hedging);
	}

	/**
	 * Returns a copy with another budget.
	 * @param share the number of retries and hedges per call, 0 to 1
	 * @param minimum the number that is permitted in any case
	 * @return the copy
	 */
	RetryPolicy withBudget(double share, int minimum) {
		return new RetryPolicy(this.maxAttempts, this.firstDelay, this.maxDelay, share, minimum, this.hedging);
	}

	/**
	 * Returns a copy for calls that take a route with a policy of retries. The longest
	 * wait is ten times the first, as in Envoy.
	 * @param rule the policy of the route
	 * @return the copy, with at most {@value #MAX_ATTEMPTS} attempts
	 */
	RetryPolicy routed(RetryRule rule) {
		return new RetryPolicy((int) Math.min(MAX_ATTEMPTS, rule.attempts() + 1L), rule.backoff(),
				rule.backoff().multipliedBy(10), this.budgetShare, this.budgetMinimum, this.hedging);
	}

	/**
	 * Returns the wait before a retry.
	 * @param attempts the number of attempts so far, at least 1
	 * @param random the source of the jitter
	 * @return nanoseconds
	 */
	long delay(int attempts, RandomGenerator random) {
		double grown = Time.nanos(this.firstDelay) * Math.pow(2, attempts - 1);
		return random.nextLong((long) Math.min((double) Time.nanos(this.maxDelay), grown) + 1);
	}

}
