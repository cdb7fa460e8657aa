package io.redmesh.autoconfigure.registration;

import java.util.Locale;

/** The transitions of the registration of this instance. Each is logged and counted. */
public enum RegistrationTransition {

	/** This instance was registered for the first time. */
	REGISTERED,

	/** The registry was told of a change of this instance. */
	UPDATED,

	/** The registry no longer knew this instance. */
	LOST,

	/** This instance was registered again after the registry had lost it. */
	RESTORED,

	/** This instance cannot be registered as it describes itself. */
	REFUSED,

	/** Another process has taken over this instance's id. This instance stays out. */
	SUPERSEDED,

	/** The registry has told callers to make no new calls. */
	DRAINING,

	/** This instance was deregistered on purpose. */
	DEREGISTERED;

	/**
	 * Returns the name for metrics.
	 * @return the name in lower case
	 */
	public String label() {
		return name().toLowerCase(Locale.ROOT);
	}

}
