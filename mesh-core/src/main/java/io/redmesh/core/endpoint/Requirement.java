package io.redmesh.core.endpoint;

import java.util.Locale;

import io.redmesh.core.instance.Instance;

/**
 * The requirement of a call for the instance of each of its attempts.
 *
 * @param secure whether the instance must serve https
 * @param port the port that the instance must have registered, 0 for any
 */
public record Requirement(boolean secure, int port) {

	/** The requirement of https on any port. */
	public static final Requirement SECURE = new Requirement(true, 0);

	/**
	 * Returns whether an instance meets this requirement.
	 * @param instance the instance
	 * @return whether the call may go there
	 */
	public boolean isMetBy(Instance instance) {
		return (!this.secure || instance.secure()) && (this.port == 0 || instance.port() == this.port);
	}

	/**
	 * Returns the requirement as a verb phrase about the instance, as in "serves https".
	 */
	@Override
	public String toString() {
		String port = String.format(Locale.ROOT, "on port %d", this.port);
		if (this.port == 0) {
			return this.secure ? "serves https" : "serves";
		}
		return (this.secure ? "serves https " : "serves ") + port;
	}

}
