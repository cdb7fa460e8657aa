package io.redmesh.autoconfigure.call;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Set;

import io.redmesh.core.call.Outcome;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;

/** What an answer over HTTP says about the attempt. */
final class ResponseClassifier {

	/** Longer than any call may take: whoever asks for more is not called again. */
	static final Duration MAX_RETRY_AFTER = Duration.ofHours(1);

	private static final int BAD_REQUEST = 400;

	private static final int INTERNAL_SERVER_ERROR = 500;

	private final Set<Integer> unavailable;

	private final boolean weighByLoad;

	private final Time time;

	/**
	 * Creates the understanding of answers.
	 * @param unavailable the statuses after which others may do better
	 * @param weighByLoad whether it matters how busy instances say they are
	 * @param time the clock by which dates are understood
	 */
	ResponseClassifier(Set<Integer> unavailable, boolean weighByLoad, Time time) {
		this.unavailable = unavailable;
		this.weighByLoad = weighByLoad;
		this.time = time;
	}

	/**
	 * Understands an answer.
	 * @param service the service that was meant
	 * @param status the status of the answer
	 * @param headers the headers of the answer
	 * @return what it means
	 */
	Outcome outcome(String service, HttpStatusCode status, HttpHeaders headers) {
		int code = status.value();
		if (code < BAD_REQUEST) {
			return Outcome.RESPONDED;
		}
		Outcome refusal = service.equalsIgnoreCase(headers.getFirst(MeshHeaders.REFUSED)) ? refusal(code) : null;
		if (refusal != null) {
			return refusal;
		}
		if (code >= INTERNAL_SERVER_ERROR && headers.containsHeader(MeshHeaders.FAILED_AT)) {
			return Outcome.RELAYED;
		}
		if (this.unavailable.contains(code)) {
			return Outcome.UNAVAILABLE;
		}
		return switch (code) {
			case 401, 403, 404, 429 -> Outcome.REJECTED;
			default -> (code >= INTERNAL_SERVER_ERROR) ? Outcome.FAILED : Outcome.RESPONDED;
		};
	}

	// Without the header it is the answer of another, passed on by a receiver that may
	// have worked for the request.
	private static @Nullable Outcome refusal(int code) {
		return switch (code) {
			case 421 -> Outcome.MISDIRECTED;
			case 503 -> Outcome.SHED;
			case 504 -> Outcome.EXPIRED;
			default -> null;
		};
	}

	/**
	 * Reads how busy the receiver says it is.
	 * @param headers the headers of the answer
	 * @return its utilization, or {@link LoadReport#NONE} also if it does not matter
	 */
	float load(HttpHeaders headers) {
		return this.weighByLoad ? LoadReport.utilization(headers.getFirst(MeshHeaders.LOAD)) : LoadReport.NONE;
	}

	/**
	 * Reads how long the receiver asks not to be called again (RFC 9110, section 10.2.3).
	 * @return the time, at most {@link #MAX_RETRY_AFTER}; null if it does not say so, or
	 * not so that it can be understood
	 */
	@Nullable Duration retryAfter(HttpHeaders headers) {
		Duration asked = parseRetryAfter(headers);
		return (asked != null && asked.compareTo(MAX_RETRY_AFTER) > 0) ? MAX_RETRY_AFTER : asked;
	}

	private @Nullable Duration parseRetryAfter(HttpHeaders headers) {
		String value = headers.getFirst(HttpHeaders.RETRY_AFTER);
		if (value == null) {
			return null;
		}
		if (!value.isEmpty() && value.chars().allMatch((character) -> character >= '0' && character <= '9')) {
			return (value.length() < 10) ? Duration.ofSeconds(Long.parseLong(value)) : null;
		}
		try {
			ZonedDateTime date = headers.getFirstZonedDateTime(HttpHeaders.RETRY_AFTER);
			Instant now = this.time.now();
			return (date != null && date.toInstant().isAfter(now)) ? Duration.between(now, date.toInstant()) : null;
		}
		catch (IllegalArgumentException | DateTimeException ex) {
			return null;
		}
	}

}
