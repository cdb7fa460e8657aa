package io.redmesh.autoconfigure.call;

import java.time.Duration;
import java.util.Locale;

import io.redmesh.core.call.HedgePolicy;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Names;
import org.jspecify.annotations.Nullable;

/** Checks of the properties of calls. They permit null, which means not set. */
final class Ranges {

	private Ranges() {
	}

	static String requireDomain(String domain) {
		try {
			return Names.requireService(domain.toLowerCase(Locale.ROOT));
		}
		catch (InvalidValueException ex) {
			throw new InvalidValueException("domains", domain, "the name of a domain, such as mesh.example.com");
		}
	}

	static void requireRange(String field, @Nullable Duration value, Duration max) {
		if (value != null && (value.isNegative() || value.compareTo(max) > 0)) {
			throw new InvalidValueException(field, value, "0s to " + max.toSeconds() + "s");
		}
	}

	static void requireRange(String field, @Nullable Integer value, int min, int max) {
		if (value != null) {
			Instance.requireRange(field, value, min, max);
		}
	}

	static void requirePercentile(@Nullable Integer percentile) {
		if (percentile != null && percentile != 0) {
			Instance.requireRange("hedgePercentile", percentile, HedgePolicy.MIN_PERCENTILE,
					HedgePolicy.MAX_PERCENTILE);
		}
	}

	static void requireShare(String field, double value) {
		if (!(value >= 0 && value <= 1)) {
			throw new InvalidValueException(field, value, "0 to 1");
		}
	}

}
