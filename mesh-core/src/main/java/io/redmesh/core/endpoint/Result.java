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

	/** A failure of the endpoint, or an attempt that timed out. */
	FAILURE,

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
	NOTHING

}
