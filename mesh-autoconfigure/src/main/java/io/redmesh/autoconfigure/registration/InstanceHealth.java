package io.redmesh.autoconfigure.registration;

/**
 * What decides beside the readiness of the app whether callers use this instance.
 */
public interface InstanceHealth {

	/** The result of a check that found the instance able to serve. */
	String UP = "UP";

	/**
	 * Returns what the log calls it.
	 * @return the name of a health group
	 */
	String name();

	/**
	 * Checks the health. May block and may fail.
	 * @return {@link #UP}, or what else it is
	 */
	String check();

}
