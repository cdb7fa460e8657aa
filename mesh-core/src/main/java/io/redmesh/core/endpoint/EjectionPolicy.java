package io.redmesh.core.endpoint;

import java.time.Duration;

import io.redmesh.core.time.Time;

/**
 * How endpoints are ejected and come back.
 *
 * @param firstEjection how long the first ejection lasts until one call may find out
 * whether it is over, positive; doubled each time that it is not
 * @param maxEjection the most that an ejection may last, at least {@code firstEjection}
 * @param maxEjectedShare the largest share of a service's endpoints that may be ejected
 * for how they answer, 0 to 1; one always may, where there are others. Whom nobody can
 * connect to does not count: calling it cannot help.
 * @param panicThreshold the share of endpoints that must be left, 0 to 1: with fewer,
 * those that are ejected for how they answer are called all the same (Envoy's panic
 * mode), since the few would only be overrun
 * @param slowStart how long an endpoint that joins others or comes back is given less
 * than its share, zero for not at all (Envoy's slow start, aggression 1, at least 10 %)
 */
public record EjectionPolicy(Duration firstEjection, Duration maxEjection, double maxEjectedShare,
		double panicThreshold, Duration slowStart) {

	/** What is meant to suit everybody. */
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
	 * Returns how long an ejection lasts.
	 * @param times which ejection in a row it is, 1 for the first
	 * @return nanoseconds
	 */
	long nanos(int times) {
		int doublings = Math.min(times - 1, Integer.SIZE - 2);
		double grown = (double) Time.nanos(this.firstEjection) * (1L << doublings);
		return (long) Math.min((double) Time.nanos(this.maxEjection), grown);
	}

	/**
	 * Returns how many may be ejected for how they answer.
	 * @param endpoints out of how many
	 * @return all but one at most, and one at least if there are others
	 */
	int maxEjected(int endpoints) {
		return Math.min(endpoints - 1, Math.max(1, (int) (this.maxEjectedShare * endpoints)));
	}

}
