package io.redmesh.core.endpoint;

import java.time.Duration;

import io.redmesh.core.time.Time;

/**
 * The policy of ejections: their times and limits, and slow start afterwards.
 *
 * @param firstEjection how long the first ejection lasts until one call probes the
 * endpoint, positive; doubled each time the probe fails
 * @param maxEjection the longest time until a probe, at least {@code firstEjection}
 * @param maxEjectedShare the largest share of the endpoints of a service, or of a subset,
 * that may be ejected for their responses, 0 to 1; one endpoint always may, if there are
 * others. Unreachable endpoints do not count: calling them cannot help.
 * @param panicThreshold the share of endpoints that must be left, 0 to 1. With fewer, the
 * endpoints that are ejected for their responses are called all the same (Envoy's panic
 * mode), because the few that are left would only be overloaded.
 * @param slowStart how long an endpoint that joins others or is restored gets less than
 * its share, zero for no slow start (Envoy's slow start, aggression 1, at least 10 %)
 */
public record EjectionPolicy(Duration firstEjection, Duration maxEjection, double maxEjectedShare,
		double panicThreshold, Duration slowStart) {

	/** The default policy. */
	public static final EjectionPolicy DEFAULT = new EjectionPolicy(Duration.ofSeconds(1), Duration.ofSeconds(8), 0.5,
			0.5, Duration.ofSeconds(5));

	public EjectionPolicy {
		if (firstEjection.isNegative() || firstEjection.isZero() || maxEjection.compareTo(firstEjection) < 0) {
			throw new IllegalArgumentException(
					"firstEjection: %s, maxEjection: %s (expected: 0 < firstEjection <= maxEjection)"
						.formatted(firstEjection, maxEjection));
		}
		requireShare("maxEjectedShare", maxEjectedShare);
		requireShare("panicThreshold", panicThreshold);
		if (slowStart.isNegative()) {
			throw new IllegalArgumentException("slowStart: %s (expected: not negative)".formatted(slowStart));
		}
	}

	private static void requireShare(String name, double value) {
		if (!(value >= 0 && value <= 1)) {
			throw new IllegalArgumentException("%s: %s (expected: 0 to 1)".formatted(name, value));
		}
	}

	/**
	 * Returns the time until the next probe.
	 * @param times the number of consecutive ejections, 1 for the first
	 * @return nanoseconds
	 */
	long nanos(int times) {
		int doublings = Math.min(times - 1, Integer.SIZE - 2);
		double grown = (double) Time.nanos(this.firstEjection) * (1L << doublings);
		return (long) Math.min((double) Time.nanos(this.maxEjection), grown);
	}

	/**
	 * Returns how many endpoints may be ejected for their responses.
	 * @param endpoints the number of endpoints
	 * @return at most all but one, and at least one if there are others
	 */
	int maxEjected(int endpoints) {
		return Math.min(endpoints - 1, Math.max(1, (int) (this.maxEjectedShare * endpoints)));
	}

}
