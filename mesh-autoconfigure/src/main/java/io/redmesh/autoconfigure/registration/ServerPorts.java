package io.redmesh.autoconfigure.registration;

import org.jspecify.annotations.Nullable;

/** On which ports this process listens, once it does. Safe for use by many threads. */
final class ServerPorts {

	private volatile int app;

	private volatile @Nullable Integer management;

	/** Returns the port of the web server, or 0 if there is none. */
	int app() {
		return this.app;
	}

	/** Returns the port of the management server, or null if it has none of its own. */
	@Nullable Integer management() {
		return this.management;
	}

	void appListens(int port) {
		this.app = port;
	}

	void managementListens(int port) {
		this.management = port;
	}

}
