package io.redmesh.core.call;

/** Why a call could not begin. */
public enum CallRefusal {

	/** Its service has nobody to call. */
	NO_ENDPOINT,

	/** As many as are permitted are under way. */
	LIMIT,

	/** Whoever asked for it waits no more. */
	DEADLINE

}
