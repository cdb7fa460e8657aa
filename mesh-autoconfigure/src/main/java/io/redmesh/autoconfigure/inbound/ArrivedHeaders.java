package io.redmesh.autoconfigure.inbound;

import java.util.List;

import io.redmesh.autoconfigure.call.MeshHeaders;

/** The headers that are for this hop alone. A gateway must not pass them on. */
final class ArrivedHeaders {

	/** Their names. */
	static final List<String> NAMES = List.of(MeshHeaders.DESTINATION, MeshHeaders.ATTEMPT, MeshHeaders.TIMEOUT);

	private ArrivedHeaders() {
	}

	static boolean contains(String name) {
		for (String header : NAMES) {
			if (header.equalsIgnoreCase(name)) {
				return true;
			}
		}
		return false;
	}

}
