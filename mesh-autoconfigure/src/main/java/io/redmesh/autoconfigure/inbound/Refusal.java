package io.redmesh.autoconfigure.inbound;

import java.util.Locale;

import org.springframework.http.HttpStatus;

/** The reasons for refusing a request. */
enum Refusal implements Decision {

	/** The request is meant for another service. */
	MISDIRECTED(HttpStatus.MISDIRECTED_REQUEST),

	/** The deadline of the caller has passed. */
	DEADLINE(HttpStatus.GATEWAY_TIMEOUT),

	/** The app is stuck, the limit is exceeded, or the response would come too late. */
	SHED(HttpStatus.SERVICE_UNAVAILABLE);

	private final HttpStatus status;

	Refusal(HttpStatus status) {
		this.status = status;
	}

	HttpStatus status() {
		return this.status;
	}

	/** Returns whether the same request may be served a second later. */
	boolean isTransient() {
		return this == SHED;
	}

	String label() {
		return name().toLowerCase(Locale.ROOT);
	}

}
