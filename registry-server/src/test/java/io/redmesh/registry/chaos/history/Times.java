package io.redmesh.registry.chaos.history;

import java.time.Duration;
import java.util.Locale;

/** How times of a run are written and counted. */
public final class Times {

	private Times() {
	}

	/**
	 * Writes a time.
	 * @param nanos since the run began
	 * @return seconds with three digits
	 */
	public static String text(long nanos) {
		return String.format(Locale.ROOT, "%.3f s", nanos / 1e9);
	}

	static long seconds(double seconds) {
		return (long) (seconds * Duration.ofSeconds(1).toNanos());
	}

}
