package io.redmesh.core.outlier;

/**
 * What makes an endpoint an outlier.
 *
 * @param consecutiveFailures how many attempts in a row must fail, at least 1; 0 means
 * that it does not matter
 * @param failureShare which share of the attempts of the last ten seconds must fail, more
 * than 0 up to 1; 0 means that it does not matter
 * @param minimumAttempts how many attempts there must be in ten seconds before shares
 * count, at least 1
 */
public record OutlierPolicy(int consecutiveFailures, double failureShare, int minimumAttempts) {

	/** What is meant to suit everybody: Envoy's five in a row, Armeria's half of ten. */
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
