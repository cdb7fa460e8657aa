package io.redmesh.autoconfigure.registration;

/** The phases of a {@link RegistrationPlan}. */
enum RegistrationPhase {

	/** This instance was never ready. */
	UNREADY,

	/** A pause precedes the next request. */
	WAITING,

	/** This instance is being described. */
	DESCRIBING,

	/** A registration is in flight. */
	REGISTERING,

	/** A renewal is in flight. */
	RENEWING,

	/** Another process holds the id. This instance stays out. */
	SUPERSEDED,

	/** This instance leaves when what is in flight has ended, or after a limit. */
	LEAVING,

	/** DRAINING is in flight. */
	ANNOUNCING,

	/** Callers know DRAINING and get time to stop calling. */
	DRAINING,

	/** The end of the lease is in flight. */
	DEREGISTERING,

	/** This instance has left. */
	LEFT;

	/** Returns whether the answer to a registration or a renewal counts. */
	boolean awaitsAnswer() {
		return this == REGISTERING || this == RENEWING || this == LEAVING;
	}

}
