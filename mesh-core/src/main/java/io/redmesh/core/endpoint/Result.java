package io.redmesh.core.endpoint;

/** What the end of an attempt says about the endpoint it went to. */
public enum Result {

	/** It did what it was asked. */
	SUCCESS,

	/**
	 * It refused what it was asked, as it should if the caller is wrong (401, 403, 404,
	 * 429). Held against it only if its peers do not refuse the same.
	 */
	REJECTION,

	/** It failed, or was so slow that the attempt was given up. */
	FAILURE,

	/** Nobody was there: no connection could be made, or somebody else answered. */
	UNREACHABLE,

	/**
	 * It passed on the failure of a service behind it. Held against it only if its peers
	 * can call that service.
	 */
	RELAY,

	/** Its certificate is not trusted, or is that of another host. */
	CERTIFICATE,

	/** Nothing: the caller lost interest. */
	NOTHING

}
