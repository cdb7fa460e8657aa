package io.redmesh.autoconfigure.inbound;

import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The paths of the endpoints that Actuator exposes on the port of the app. Requests to
 * other paths are vital only by their Mesh-Priority header.
 * <p>
 * Safe for use by many threads.
 */
final class VitalPaths {

	/** The paths of an app without Actuator. */
	static final VitalPaths NONE = new VitalPaths(List::of);

	/** Parts of a path that a server resolves, decodes or strips to find an endpoint. */
	private static final List<String> UNUSUAL = List.of("//", "/./", "/../", ";", "%", "\\");

	private final Supplier<List<Endpoint>> find;

	// Found at the first request: creating the endpoints of Actuator takes the whole app.
	private volatile @Nullable List<Endpoint> found;

	/**
	 * Creates the paths of an app.
	 * @param find finds its endpoints, at the first request
	 */
	VitalPaths(Supplier<List<Endpoint>> find) {
		this.find = find;
	}

	/**
	 * Returns the priority of a request. A path that a server would have to normalize
	 * first is ordinary. Probes do not look like that, and the endpoint that it leads to
	 * depends on the server.
	 * @param path its path within the app, as it was sent
	 * @return its priority
	 */
	RequestPriority of(String path) {
		List<Endpoint> endpoints = this.found;
		if (endpoints == null) {
			endpoints = this.find.get();
			this.found = endpoints;
		}
		for (Endpoint endpoint : endpoints) {
			if (endpoint.contains(path)) {
				return isUsual(path) ? endpoint.priority() : RequestPriority.ORDINARY;
			}
		}
		return RequestPriority.ORDINARY;
	}

	private static boolean isUsual(String path) {
		return UNUSUAL.stream().noneMatch(path::contains) && !path.endsWith("/.") && !path.endsWith("/..");
	}

	/**
	 * An endpoint.
	 *
	 * @param path its path without a trailing slash
	 * @param tree whether the paths below it belong to the endpoint
	 * @param priority the priority of requests to it
	 */
	record Endpoint(String path, boolean tree, RequestPriority priority) {

		boolean contains(String other) {
			return other.startsWith(this.path)
					&& (other.length() == this.path.length() || (this.tree && other.charAt(this.path.length()) == '/'));
		}

	}

}
