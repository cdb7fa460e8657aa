package io.redmesh.registry.store;

/** The state of a lease that a caller claims to hold. */
public enum LeaseState {

	/** The caller holds the lease. */
	HELD,

	/** There is no such lease: it has expired, or its instance never registered. */
	UNKNOWN,

	/** Another incarnation holds the id, or this one has ended. */
	SUPERSEDED

}
