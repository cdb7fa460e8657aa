package io.redmesh.autoconfigure.inbound;

import java.util.List;
import java.util.function.Function;

import io.redmesh.autoconfigure.call.MeshHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The mesh headers that are for this hop only, or that this app does not trust. A gateway
 * must not pass them on.
 *
 * @param trustPriority whether this app trusts the priority
 * @param names the names of the headers
 */
record ArrivedHeaders(boolean trustPriority, List<String> names) {

	private static final List<String> OF_THE_HOP = List.of(MeshHeaders.DESTINATION, MeshHeaders.ATTEMPT,
			MeshHeaders.TIMEOUT);

	private static final List<String> WITH_PRIORITY = List.of(MeshHeaders.DESTINATION, MeshHeaders.ATTEMPT,
			MeshHeaders.TIMEOUT, MeshHeaders.PRIORITY);

	/**
	 * Returns the headers that an app must not see.
	 * @param trustPriority whether the app trusts the priority, and so passes it on
	 * @return the headers
	 */
	static ArrivedHeaders of(boolean trustPriority) {
		return new ArrivedHeaders(trustPriority, trustPriority ? OF_THE_HOP : WITH_PRIORITY);
	}

	/**
	 * Reads the mesh headers of a request.
	 * @param header returns the first value of a header, or null
	 * @return the mesh headers, as far as they are trusted
	 */
	MeshRequestHeaders read(Function<String, @Nullable String> header) {
		return MeshRequestHeaders
			.of((name) -> (this.trustPriority || !name.equals(MeshHeaders.PRIORITY)) ? header.apply(name) : null);
	}

	boolean contains(String name) {
		for (String header : this.names) {
			if (header.equalsIgnoreCase(name)) {
				return true;
			}
		}
		return false;
	}

}
