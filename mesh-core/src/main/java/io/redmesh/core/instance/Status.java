package io.redmesh.core.instance;

/**
 * The status of an instance: whether it wants calls. The instance reports all but the
 * last itself.
 */
public enum Status {

	/** Registered, but not ready for calls yet. */
	STARTING,

	/** Ready for calls. */
	UP,

	/**
	 * Draining: about to deregister; finishes the calls in flight, and wants no new ones.
	 */
	DRAINING,

	/** Unable to serve, by its own report. */
	DOWN,

	/** Out of service by an operator's override. */
	OUT_OF_SERVICE

}
