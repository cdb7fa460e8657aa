package io.redmesh.core.outlier;

import org.jspecify.annotations.Nullable;

/**
 * The thresholds from which on an endpoint is an outlier.
 *
 * @param consecutiveFailures the number of consecutive failures that eject an endpoint,
 * at least 1; 0 switches this check off
 * @param failureShare the share of the attempts of the last ten seconds that must fail to
 * eject an endpoint, more than 0 up to 1; 0 switches this check off
 * @param minimumAttempts the number of attempts within ten seconds from which on shares
 * count, at least 1
 * @param consecutiveGatewayFailures the same as {@code consecutiveFailures}, of the
 * statuses 502, 503 and 504 and of attempts without a response; 0 switches it off
 * @param consecutiveUnanswered the same, of attempts without a response, which then count
 * for this alone; 0 switches it off, and null means that they count as other failures
 */
public record OutlierPolicy(int consecutiveFailures, double failureShare, int minimumAttempts,
		int consecutiveGatewayFailures, @Nullable Integer consecutiveUnanswered) {

	/** The default thresholds: Envoy's five in a row, Armeria's half of ten. */
	public static final OutlierPolicy DEFAULT = new OutlierPolicy(5, 0.5, 10);

	public OutlierPolicy {
		requireCount("consecutiveFailures", consecutiveFailures);
		requireCount("consecutiveGatewayFailures", consecutiveGatewayFailures);
		requireCount("consecutiveUnanswered", (consecutiveUnanswered != null) ? consecutiveUnanswered : 0);
		if (!(failureShare >= 0 && failureShare <= 1)) {
			throw new IllegalArgumentException("failureShare: %s (expected: 0 to 1)".formatted(failureShare));
		}
		if (minimumAttempts < 1) {
			throw new IllegalArgumentException("minimumAttempts: %d (expected: 1 or more)".formatted(minimumAttempts));
		}
	}

	/**
	 * Creates thresholds that treat all failures alike.
	 * @param consecutiveFailures the number of consecutive failures; 0 for never
	 * @param failureShare the share of failures, 0 to 1; 0 for never
	 * @param minimumAttempts the number of attempts from which on shares count
	 */
	public OutlierPolicy(int consecutiveFailures, double failureShare, int minimumAttempts) {
		this(consecutiveFailures, failureShare, minimumAttempts, 0, null);
	}

	private static void requireCount(String name, int value) {
		if (value < 0) {
			throw new IllegalArgumentException("%s: %d (expected: 0 or more)".formatted(name, value));
		}
	}

}
