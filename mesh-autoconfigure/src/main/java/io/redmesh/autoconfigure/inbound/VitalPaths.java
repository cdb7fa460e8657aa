package io.redmesh.autoconfigure.inbound;

import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The paths at which an app is asked how it is: those of the endpoints that Actuator
 * exposes on the port of the app. Elsewhere nothing is vital but what says so.
 * <p>
 * Safe for use by many threads.
 */
final class VitalPaths {

	/** The paths of an app without Actuator. */
	static final VitalPaths NONE = new VitalPaths(List::of);

	/** What a server would resolve, decode or strip before it finds an endpoint. */
	private static final List<String> UNUSUAL = List.of("//", "/./", "/../", ";", "%", "\\");

	private final Supplier<List<Endpoint>> find;

	// Found when the first request comes: Actuator's endpoints need the whole app.
	private volatile @Nullable List<Endpoint> found;

	/**
	 * Creates the paths of an app.
	 * @param find finds its endpoints, asked once and late
	 */
	VitalPaths(Supplier<List<Endpoint>> find) {
		this.find = find;
	}

	/**
	 * Tells how urgent a request is. A path that a server would have to normalize first
	 * is ordinary: probes do not look like that, and where it leads depends on the
	 * server.
	 * @param path its path within the app, as it was sent
	 * @return how urgent it is
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
	 * @param path its path without a slash at its end
	 * @param tree whether what is below belongs to it
	 * @param priority of requests to it
	 */
	record Endpoint(String path, boolean tree, RequestPriority priority) {

		boolean contains(String other) {
			return other.startsWith(this.path)
					&& (other.length() == this.path.length() || (this.tree && other.charAt(this.path.length()) == '/'));
		}

	}

}
