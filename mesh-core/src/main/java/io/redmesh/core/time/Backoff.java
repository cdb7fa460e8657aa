package io.redmesh.core.time;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * A backoff: the wait after repeated failures, exponential growth with jitter over the
 * whole range. After "Exponential Backoff And Jitter" (Marc Brooker, AWS Architecture
 * Blog, 2015, <em>full jitter</em>), with one difference: a wait is never shorter than
 * half of {@code first}, so that no retry loop can spin.
 * <p>
 * Immutable.
 *
 * @param first the longest wait after the first failure, positive
 * @param max the longest wait of all, not shorter than {@code first}
 */
public record Backoff(Duration first, Duration max) {

	public Backoff {
		if (first.isNegative() || first.isZero() || max.compareTo(first) < 0) {
			throw new IllegalArgumentException("first: %s, max: %s (expected: 0 < first <= max)".formatted(first, max));
		}
	}

	/**
	 * Returns the wait after a failure.
	 * @param failures the number of consecutive failures, at least 1
	 * @param random the source of the jitter
	 * @return half of {@code first} to {@code min(max, first * 2^(failures - 1))}
	 */
	public Duration delay(int failures, RandomGenerator random) {
		if (failures < 1) {
			throw new IllegalArgumentException("failures: %d (expected: >= 1)".formatted(failures));
		}
		long floor = Time.nanos(this.first) / 2;
		double grown = Time.nanos(this.first) * Math.pow(2, failures - 1);
		long ceiling = (long) Math.min((double) Time.nanos(this.max), grown);
		return Duration.ofNanos(random.nextLong(floor, ceiling + 1));
	}

}
