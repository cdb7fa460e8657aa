package io.redmesh.core.outlier;

/**
 * The thresholds from which on an endpoint is an outlier.
 *
 * @param consecutiveFailures the number of consecutive failures that eject an endpoint,
 * at least 1; 0 switches this check off
 * @param failureShare the share of the attempts of the last ten seconds that must fail to
 * eject an endpoint, more than 0 up to 1; 0 switches this check off
 * @param minimumAttempts the number of attempts within ten seconds from which on shares
 * count, at least 1
 */
public record OutlierPolicy(int consecutiveFailures, double failureShare, int minimumAttempts) {

	/** The default thresholds: Envoy's five in a row, Armeria's half of ten. */
	public static final OutlierPolicy DEFAULT = new OutlierPolicy(5, 0.5, 10);

	public OutlierPolicy {
		if (consecutiveFailures < 0) {
			throw new IllegalArgumentException(
					"consecutiveFailures: %d (expected: 0 or more)".formatted(consecutiveFailures));
		}
		if (!(failureShare >= 0 && failureShare <= 1)) {
			throw new IllegalArgumentException("failureShare: %s (expected: 0 to 1)".formatted(failureShare));
		}
		if (minimumAttempts < 1) {
			throw new IllegalArgumentException("minimumAttempts: %d (expected: 1 or more)".formatted(minimumAttempts));
		}
	}

}
