package io.redmesh.autoconfigure.registration;

/** The check that decides, beside the readiness, whether callers use this instance. */
public interface InstanceHealth {

	/** The result of a check that found the instance able to serve. */
	String UP = "UP";

	/**
	 * Returns the name for the log.
	 * @return the name of a health group
	 */
	String name();

	/**
	 * Checks the health. May block and may throw an exception.
	 * @return {@link #UP}, or another status
	 */
	String check();

}
