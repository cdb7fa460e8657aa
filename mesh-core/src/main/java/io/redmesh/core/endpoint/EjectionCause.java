package io.redmesh.core.endpoint;

/** The cause of an ejection. */
public enum EjectionCause {

	/** No connection to the endpoint. */
	UNREACHABLE("no connection can be made"),

	/** A TLS handshake that failed on a certificate. */
	CERTIFICATE("its certificate is not trusted or does not match its name"),

	/** Too many consecutive failed attempts. */
	CONSECUTIVE_FAILURES("too many attempts in a row have failed"),

	/** Too large a share of failed attempts in the last seconds. */
	FAILURE_SHARE("too large a share of the attempts has failed"),

	/** Refusals of most of what the endpoint's peers accept. */
	REJECTION_SHARE("it refuses what its peers accept"),

	/**
	 * Relayed failures of a service behind the endpoint that most of its peers can call.
	 */
	RELAY_SHARE("it cannot call a service that its peers can call");

	private final String sentence;

	EjectionCause(String sentence) {
		this.sentence = sentence;
	}

	/**
	 * Returns whether calls cannot even be sent to the endpoint. It then gets no calls
	 * while any other endpoint can be called, however few those are.
	 */
	boolean isUnreachable() {
		return this == UNREACHABLE || this == CERTIFICATE;
	}

	/**
	 * Returns the cause in words.
	 * @return the words, to follow a colon
	 */
	public String sentence() {
		return this.sentence;
	}

}
