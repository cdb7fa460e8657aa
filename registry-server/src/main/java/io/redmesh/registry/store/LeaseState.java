package io.redmesh.registry.store;

/** How the store found a lease that somebody claims to hold. */
public enum LeaseState {

	/** The claim is right. */
	HELD,

	/** There is no such lease: it has expired, or its instance never registered. */
	UNKNOWN,

	/** Another incarnation holds the id, or this one was ended. */
	SUPERSEDED

}
