package io.redmesh.core.endpoint;

import java.util.Locale;

import io.redmesh.core.instance.Instance;

/**
 * What a call demands of the instance that it goes to, at each of its attempts.
 *
 * @param secure whether it must serve https
 * @param port the port that it must have registered, 0 for any
 */
public record Requirement(boolean secure, int port) {

	/** Any port, but https. */
	public static final Requirement SECURE = new Requirement(true, 0);

	/**
	 * Tells whether an instance is as demanded.
	 * @param instance the instance
	 * @return whether the call may go there
	 */
	public boolean isMetBy(Instance instance) {
		return (!this.secure || instance.secure()) && (this.port == 0 || instance.port() == this.port);
	}

	/** Returns what an instance does that meets it, as in "serves https". */
	@Override
	public String toString() {
		String port = String.format(Locale.ROOT, "on port %d", this.port);
		if (this.port == 0) {
			return this.secure ? "serves https" : "serves";
		}
		return (this.secure ? "serves https " : "serves ") + port;
	}

}
