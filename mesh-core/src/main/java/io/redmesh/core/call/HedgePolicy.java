package io.redmesh.core.call;

import java.time.Duration;

/**
 * When a call that is still unanswered is made once more beside its first attempt, where
 * the transport can (hedging; Dean and Barroso, <em>The Tail at Scale</em>, 2013).
 *
 * @param after how long it may be unanswered at least; zero for as long as the percentile
 * says
 * @param percentile how many of a hundred calls are faster than those that are hedged, as
 * they were in the last seconds, 50 to 99; zero if that does not matter
 */
public record HedgePolicy(Duration after, int percentile) {

	/** The lowest percentile: below it, most calls would be made twice. */
	public static final int MIN_PERCENTILE = 50;

	/** The highest percentile. */
	public static final int MAX_PERCENTILE = 99;

	/** No call is made twice at once. */
	public static final HedgePolicy NEVER = new HedgePolicy(Duration.ZERO, 0);

	public HedgePolicy {
		if (after.isNegative()) {
			throw new IllegalArgumentException("after: %s (expected: not negative)".formatted(after));
		}
		if (percentile != 0 && (percentile < MIN_PERCENTILE || percentile > MAX_PERCENTILE)) {
			throw new IllegalArgumentException(
					"percentile: %d (expected: 0, or %d to %d)".formatted(percentile, MIN_PERCENTILE, MAX_PERCENTILE));
		}
	}

}
