package io.redmesh.core.endpoint;

/** Why an endpoint was ejected. */
public enum EjectionCause {

	/** No connection could be made. */
	UNREACHABLE("no connection can be made"),

	/** The TLS handshake failed on a certificate. */
	CERTIFICATE("its certificate is not trusted or does not match its name"),

	/** Too many attempts in a row have failed. */
	CONSECUTIVE_FAILURES("too many attempts in a row have failed"),

	/** Too large a share of the attempts of the last seconds has failed. */
	FAILURE_SHARE("too large a share of the attempts has failed"),

	/** It refuses most of what its peers accept. */
	REJECTION_SHARE("it refuses what its peers accept"),

	/** It passes on failures of a service behind it that most of its peers can call. */
	RELAY_SHARE("it cannot call a service that its peers can call");

	private final String sentence;

	EjectionCause(String sentence) {
		this.sentence = sentence;
	}

	/**
	 * Tells whether calls cannot even be sent to the endpoint, so that it gets none while
	 * another can be called, however few those are.
	 */
	boolean isUnreachable() {
		return this == UNREACHABLE || this == CERTIFICATE;
	}

	/**
	 * Returns the cause in words.
	 * @return the words, to be put behind a colon
	 */
	public String sentence() {
		return this.sentence;
	}

}
