package io.redmesh.autoconfigure.inbound;

import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.redmesh.autoconfigure.call.MeshHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of a request say to the mesh. Nonsense counts as nothing said: who
 * sends it does not belong to the mesh, and is served like others who do not.
 *
 * @param destination the service that it is meant for, or null
 * @param attempt which attempt of its call it is, at least 1
 * @param limited whether its caller waits only so long
 * @param remaining for how many more nanoseconds it waits, negative if no more
 * @param high whether it matters more than others
 */
record MeshRequestHeaders(@Nullable String destination, int attempt, boolean limited, long remaining, boolean high) {

	/** Longer than anybody waits for an answer. */
	private static final long MAX_TIMEOUT = TimeUnit.DAYS.toMillis(1);

	/** More than anybody tries. */
	private static final int MAX_ATTEMPT = 99;

	/** No number that is longer makes sense in any of the headers. */
	private static final int MAX_DIGITS = 10;

	/** What is no number. */
	private static final long NONE = Long.MIN_VALUE;

	/**
	 * Reads the headers of a request.
	 * @param header returns the first value of a header, or null
	 * @return what they say
	 */
	static MeshRequestHeaders of(Function<String, @Nullable String> header) {
		long timeout = number(header.apply(MeshHeaders.TIMEOUT));
		boolean limited = timeout != NONE && timeout <= MAX_TIMEOUT;
		long attempt = number(header.apply(MeshHeaders.ATTEMPT));
		boolean high = "high".equalsIgnoreCase(header.apply(MeshHeaders.PRIORITY));
		return new MeshRequestHeaders(header.apply(MeshHeaders.DESTINATION),
				(attempt >= 1 && attempt <= MAX_ATTEMPT) ? (int) attempt : 1, limited,
				limited ? TimeUnit.MILLISECONDS.toNanos(timeout) : 0, high);
	}

	private static long number(@Nullable String text) {
		if (text == null) {
			return NONE;
		}
		int start = text.startsWith("-") ? 1 : 0;
		int digits = text.length() - start;
		if (digits == 0 || digits > MAX_DIGITS) {
			return NONE;
		}
		for (int i = start; i < text.length(); i++) {
			if (text.charAt(i) < '0' || text.charAt(i) > '9') {
				return NONE;
			}
		}
		return Long.parseLong(text);
	}

}
