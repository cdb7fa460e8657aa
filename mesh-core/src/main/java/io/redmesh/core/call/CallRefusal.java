package io.redmesh.core.call;

/** The reason why a call could not begin. */
public enum CallRefusal {

	/** No instance of the service to call. */
	NO_ENDPOINT,

	/** As many calls in flight as are permitted. */
	LIMIT,

	/** A deadline of the caller that has passed. */
	DEADLINE

}
