package io.redmesh.autoconfigure.inbound;

/** How much it matters that a request is served when not all can be. */
enum RequestPriority {

	/** It is work, like most. */
	ORDINARY,

	/** It asks Actuator about the app, and may use the reserve. */
	VITAL,

	/**
	 * It asks whether the app lives or is ready. A platform restarts an app that does not
	 * answer, so it is never refused for load, and takes no place.
	 */
	PROBE

}
