package io.redmesh.autoconfigure.inbound;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.redmesh.autoconfigure.call.MeshHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The mesh headers of a request. A malformed value counts as absent: its sender is not
 * part of the mesh, and is served like any caller outside it.
 *
 * @param destination the service that the request is meant for, or null
 * @param attempt the number of the attempt within its call, at least 1
 * @param timeout how long the caller still waits, negative or zero if it no longer waits;
 * null if it has not sent a timeout
 * @param high whether its priority is high
 */
record MeshRequestHeaders(@Nullable String destination, int attempt, @Nullable Duration timeout, boolean high) {

	/** The longest accepted timeout in milliseconds. A longer one counts as absent. */
	private static final long MAX_TIMEOUT = TimeUnit.DAYS.toMillis(1);

	/** The highest accepted attempt number. A higher one counts as absent. */
	private static final int MAX_ATTEMPT = 99;

	/** The maximum number of digits of a value. */
	private static final int MAX_DIGITS = 10;

	/** The result for a value that is not a number. */
	private static final long NONE = Long.MIN_VALUE;

	/**
	 * Reads the mesh headers of a request.
	 * @param header returns the first value of a header, or null
	 * @return the mesh headers
	 */
	static MeshRequestHeaders of(Function<String, @Nullable String> header) {
		long timeout = number(header.apply(MeshHeaders.TIMEOUT));
		long attempt = number(header.apply(MeshHeaders.ATTEMPT));
		boolean high = "high".equalsIgnoreCase(header.apply(MeshHeaders.PRIORITY));
		return new MeshRequestHeaders(header.apply(MeshHeaders.DESTINATION),
				(attempt >= 1 && attempt <= MAX_ATTEMPT) ? (int) attempt : 1,
				(timeout != NONE && timeout <= MAX_TIMEOUT) ? Duration.ofMillis(timeout) : null, high);
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
