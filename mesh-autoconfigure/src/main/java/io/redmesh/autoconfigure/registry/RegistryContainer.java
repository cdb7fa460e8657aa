package io.redmesh.autoconfigure.registry;

import java.net.URI;

/** The container image of the registry. */
final class RegistryContainer {

	static final String IMAGE = "redmesh/registry";

	static final int PORT = 8761;

	private RegistryContainer() {
	}

	static URI url(String host, int port) {
		return URI.create("http://" + host + ":" + port);
	}

}
