package io.redmesh.autoconfigure.registration;

import org.jspecify.annotations.Nullable;

/** The ports on which one context listens. Safe for use by many threads. */
final class ServerPorts {

	private volatile int app;

	private volatile boolean secure;

	private volatile @Nullable Integer management;

	private volatile boolean managementSecure;

	/** Returns the port of the web server, or 0 if there is none. */
	int app() {
		return this.app;
	}

	/** Returns whether the web server uses TLS. */
	boolean secure() {
		return this.secure;
	}

	/** Returns the port of the management server, or null if it has none of its own. */
	@Nullable Integer management() {
		return this.management;
	}

	/** Returns whether the management server, if it has a port of its own, uses TLS. */
	boolean managementSecure() {
		return this.managementSecure;
	}

	/**
	 * Sets the port of the web server, once it listens.
	 * @param port its port; not positive if it has none, such as on a Unix domain socket
	 * @param secure whether it uses TLS
	 */
	void appListens(int port, boolean secure) {
		this.app = Math.max(port, 0);
		this.secure = secure;
	}

	/**
	 * Sets the port of the management server, once it listens on a port of its own.
	 * @param port its port
	 * @param secure whether it uses TLS
	 */
	void managementListens(int port, boolean secure) {
		this.managementSecure = secure;
		this.management = port;
	}

}
