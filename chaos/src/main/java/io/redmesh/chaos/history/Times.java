package io.redmesh.chaos.history;

import java.time.Duration;
import java.util.Locale;

/** The format and the unit of the times of a run. */
public final class Times {

	private Times() {
	}

	/**
	 * Formats a time.
	 * @param nanos nanoseconds since the run began
	 * @return seconds with three decimal places
	 */
	public static String text(long nanos) {
		return String.format(Locale.ROOT, "%.3f s", nanos / 1e9);
	}

	static long seconds(double seconds) {
		return (long) (seconds * Duration.ofSeconds(1).toNanos());
	}

}
