package io.redmesh.autoconfigure.inbound;

import java.util.ArrayList;
import java.util.List;

import org.springframework.core.env.Environment;

/**
 * The paths at which an app is asked how it is: Actuator's, and those that Actuator adds
 * beside its own. Elsewhere nothing is vital but what says so.
 *
 * @param paths each without a slash at its end
 */
record VitalPaths(List<String> paths) {

	/**
	 * Finds the paths of an app.
	 * @param environment its settings
	 * @return the paths
	 */
	static VitalPaths of(Environment environment) {
		List<String> paths = new ArrayList<>();
		add(paths, environment.getProperty("management.endpoints.web.base-path", "/actuator"));
		if (environment.getProperty("management.endpoint.health.probes.add-additional-paths", Boolean.class, false)) {
			paths.add("/livez");
			paths.add("/readyz");
		}
		return new VitalPaths(List.copyOf(paths));
	}

	private static void add(List<String> paths, String path) {
		String stripped = path.strip();
		stripped = stripped.endsWith("/") ? stripped.substring(0, stripped.length() - 1) : stripped;
		// At the root Actuator is not told from the rest.
		if (!stripped.isEmpty()) {
			paths.add(stripped);
		}
	}

	/**
	 * Tells whether a request asks how the app is.
	 * @param path its path within the app
	 * @return whether it does
	 */
	boolean contains(String path) {
		for (String vital : this.paths) {
			if (path.startsWith(vital) && (path.length() == vital.length() || path.charAt(vital.length()) == '/')) {
				return true;
			}
		}
		return false;
	}

}
