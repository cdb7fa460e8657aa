package io.redmesh.autoconfigure.inbound;

import java.util.Locale;

import org.springframework.http.HttpStatus;

/** Why a request is not served. */
enum Refusal implements Decision {

	/** It was meant for another service. */
	MISDIRECTED(HttpStatus.MISDIRECTED_REQUEST),

	/** Nobody waits for its answer any more. */
	DEADLINE(HttpStatus.GATEWAY_TIMEOUT),

	/** There are too many. */
	SHED(HttpStatus.SERVICE_UNAVAILABLE);

	private final HttpStatus status;

	Refusal(HttpStatus status) {
		this.status = status;
	}

	HttpStatus status() {
		return this.status;
	}

	/** Tells whether the same request may be served a second later. */
	boolean passes() {
		return this == SHED;
	}

	String label() {
		return name().toLowerCase(Locale.ROOT);
	}

}
