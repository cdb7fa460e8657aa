package io.redmesh.autoconfigure.call;

import org.jspecify.annotations.Nullable;

/** The parser of {@link MeshHeaders#LOAD}, which allocates nothing. */
final class LoadReport {

	/** The value if the header is missing or malformed. */
	static final float NONE = -1;

	private static final String KEY = "util=";

	private static final int MAX_DIGITS = 6;

	private LoadReport() {
	}

	/**
	 * Reads the utilization.
	 * @param report the header's value, such as {@code inflight=3,util=0.42}, or null
	 * @return the requests that are served over those that may be served at a time, or
	 * {@link #NONE}
	 */
	static float utilization(@Nullable String report) {
		int key = (report != null) ? report.indexOf(KEY) : -1;
		if (report == null || key < 0 || (key > 0 && report.charAt(key - 1) != ',')) {
			return NONE;
		}
		int number = 0;
		int digits = 0;
		int scale = 0;
		for (int i = key + KEY.length(); i < report.length() && report.charAt(i) != ','; i++) {
			char character = report.charAt(i);
			if (character == '.' && scale == 0) {
				scale = 1;
			}
			else if (character >= '0' && character <= '9' && digits < MAX_DIGITS) {
				number = number * 10 + character - '0';
				digits++;
				scale *= 10;
			}
			else {
				return NONE;
			}
		}
		return (digits > 0) ? (float) number / Math.max(1, scale) : NONE;
	}

}
