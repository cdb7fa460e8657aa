package io.redmesh.autoconfigure.registration;

import java.util.Locale;

/** How the registration of this instance may change. Each is logged and counted. */
public enum RegistrationTransition {

	/** In the registry for the first time. */
	REGISTERED,

	/** The registry knows of something that has changed about this instance. */
	UPDATED,

	/** The registry had lost this instance. */
	LOST,

	/** In the registry again after it had been lost. */
	RESTORED,

	/** The registry finds something wrong with what this instance says of itself. */
	REFUSED,

	/** Another process has taken this instance's id; this one stays out. */
	SUPERSEDED,

	/** Others are told to send nothing new. */
	DRAINING,

	/** Out of the registry, on purpose. */
	DEREGISTERED;

	/**
	 * Returns the name that metrics carry.
	 * @return the name in lower case
	 */
	public String label() {
		return name().toLowerCase(Locale.ROOT);
	}

}
