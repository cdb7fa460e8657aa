package io.redmesh.autoconfigure.call;

import java.time.Duration;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.outlier.OutlierPolicy;

import org.springframework.boot.context.properties.bind.DefaultValue;

import static io.redmesh.autoconfigure.call.Ranges.requireRange;
import static io.redmesh.autoconfigure.call.Ranges.requireShare;

/**
 * Settings of ejections.
 *
 * @param consecutiveFailures Number of attempts in a row that must fail for an ejection.
 * Zero turns this cause off.
 * @param failureShare Share of the attempts of the last ten seconds that must fail for an
 * ejection. Zero turns this cause off.
 * @param minimumAttempts Number of attempts in ten seconds below which shares do not
 * count.
 * @param firstEjection Time that an instance stays ejected before one call probes it. It
 * is doubled after each failed probe.
 * @param maxEjection Longest time between two probes.
 * @param maxEjectedShare Largest share of a service's instances that may be ejected for
 * how they answer. One always may, unless it is the only one. Instances to which no
 * connection can be made do not count.
 * @param panicThreshold Share of instances that must be left. With fewer, those ejected
 * for how they answer get calls again. Zero means only if none is left.
 */
public record OutlierProperties(@DefaultValue("5") int consecutiveFailures, @DefaultValue("0.5") double failureShare,
		@DefaultValue("10") int minimumAttempts, @DefaultValue("1s") Duration firstEjection,
		@DefaultValue("8s") Duration maxEjection, @DefaultValue("0.5") double maxEjectedShare,
		@DefaultValue("0.5") double panicThreshold) {

	private static final int MAX = 10_000;

	private static final Duration MAX_EJECTION = Duration.ofMinutes(10);

	private static final Duration LEAST_EJECTION = Duration.ofMillis(100);

	public OutlierProperties {
		Instance.requireRange("consecutiveFailures", consecutiveFailures, 0, MAX);
		requireShare("failureShare", failureShare);
		Instance.requireRange("minimumAttempts", minimumAttempts, 1, MAX);
		requireRange("maxEjection", maxEjection, MAX_EJECTION);
		if (firstEjection.compareTo(LEAST_EJECTION) < 0 || firstEjection.compareTo(maxEjection) > 0) {
			throw new InvalidValueException("firstEjection", firstEjection, "0.1s to maxEjection");
		}
		requireShare("maxEjectedShare", maxEjectedShare);
		requireShare("panicThreshold", panicThreshold);
	}

	OutlierPolicy policy() {
		return new OutlierPolicy(this.consecutiveFailures, this.failureShare, this.minimumAttempts);
	}

}
