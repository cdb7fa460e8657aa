package io.redmesh.core.call;

import java.time.Duration;

/**
 * The policy of hedging: when an unanswered call is sent again beside its first attempt,
 * if the transport supports it (Dean and Barroso, <em>The Tail at Scale</em>, 2013).
 *
 * @param after the shortest time before a hedge; zero if only the percentile counts
 * @param percentile the percentile of the latency of the last seconds after which a hedge
 * is sent, 50 to 99; zero if only {@code after} counts
 */
public record HedgePolicy(Duration after, int percentile) {

	/** The lowest percentile: below it, most calls would be sent twice. */
	public static final int MIN_PERCENTILE = 50;

	/** The highest percentile. */
	public static final int MAX_PERCENTILE = 99;

	/** The policy without hedges. */
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
