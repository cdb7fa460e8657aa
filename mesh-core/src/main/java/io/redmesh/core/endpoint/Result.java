package io.redmesh.core.endpoint;

/** The result of an attempt, as it counts for the endpoint. */
public enum Result {

	/** A success: the endpoint did what the request asked for. */
	SUCCESS,

	/**
	 * A refusal by the endpoint, right if the caller is wrong (401, 403, 404, 429). It
	 * counts only if the endpoint's peers do not refuse the same.
	 */
	REJECTION,

	/** A failure that the endpoint reports. */
	FAILURE,

	/** A failure that the endpoint reports with the status 502, 503 or 504. */
	GATEWAY_FAILURE,

	/** No response: the connection broke, or the attempt timed out. */
	UNANSWERED,

	/** No connection, or a response of another service at the address. */
	UNREACHABLE,

	/**
	 * A failure of a service behind the endpoint, which it relayed. It counts only if the
	 * endpoint's peers can call that service.
	 */
	RELAY,

	/** A certificate of the endpoint that is not trusted, or is that of another host. */
	CERTIFICATE,

	/** No information: the caller lost interest. */
	NOTHING;

	/**
	 * Returns whether the endpoint was reached and failed.
	 * @return whether it did
	 */
	public boolean isFailure() {
		return this == FAILURE || this == GATEWAY_FAILURE || this == UNANSWERED;
	}

}
