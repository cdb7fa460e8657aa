package io.redmesh.autoconfigure.inbound;

/** The priority of a request when not all requests can be served. */
enum RequestPriority {

	/** Ordinary work. */
	ORDINARY,

	/** A request to Actuator, which may use the reserve. */
	VITAL,

	/**
	 * A liveness or readiness probe. A platform restarts an app that does not respond, so
	 * a probe is never refused for load and does not count as in flight.
	 */
	PROBE

}
