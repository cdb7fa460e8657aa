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

/** The classification of HTTP responses: what each says about its attempt. */
final class ResponseClassifier {

	/**
	 * Longer than any call may take: if a receiver asks for more, the call does not go
	 * there again.
	 */
	static final Duration MAX_RETRY_AFTER = Duration.ofHours(1);

	private static final int BAD_REQUEST = 400;

	private static final int INTERNAL_SERVER_ERROR = 500;

	private final Set<Integer> unavailable;

	private final boolean weighByLoad;

	private final Time time;

	/**
	 * Creates a classifier.
	 * @param unavailable the statuses after which another instance may do better
	 * @param weighByLoad whether the load that instances report matters
	 * @param time the clock against which dates in headers are read
	 */
	ResponseClassifier(Set<Integer> unavailable, boolean weighByLoad, Time time) {
		this.unavailable = unavailable;
		this.weighByLoad = weighByLoad;
		this.time = time;
	}

	/**
	 * Classifies a response.
	 * @param service the service that the request was meant for
	 * @param status the status of the response
	 * @param headers the headers of the response
	 * @return the outcome of the attempt
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

	// Without the header, the receiver passed on a response of another service, and may
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
	 * Reads the load that the receiver reports.
	 * @param headers the headers of the response
	 * @return its utilization, or {@link LoadReport#NONE} if there is none or load does
	 * not matter
	 */
	float load(HttpHeaders headers) {
		return this.weighByLoad ? LoadReport.utilization(headers.getFirst(MeshHeaders.LOAD)) : LoadReport.NONE;
	}

	/**
	 * Reads how long the receiver asks not to be called again (RFC 9110, section 10.2.3).
	 * @param headers the headers of the response
	 * @return the time, at most {@link #MAX_RETRY_AFTER}; null if the header is missing
	 * or cannot be understood
	 */
	@Nullable Duration retryAfter(HttpHeaders headers) {
		Duration requested = parseRetryAfter(headers);
		return (requested != null && requested.compareTo(MAX_RETRY_AFTER) > 0) ? MAX_RETRY_AFTER : requested;
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
