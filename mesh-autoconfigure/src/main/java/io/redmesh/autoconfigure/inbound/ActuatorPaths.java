package io.redmesh.autoconfigure.inbound;

import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;

/** The endpoints that Actuator exposes on the port of the app. */
final class ActuatorPaths {

	private static final EndpointId HEALTH = EndpointId.of("health");

	private ActuatorPaths() {
	}

	/**
	 * Finds the endpoints.
	 * @param exposed all endpoints that Actuator exposes
	 * @param samePort whether Actuator shares the port of the app
	 * @return the endpoints on the port of the app
	 */
	static List<VitalPaths.Endpoint> find(PathMappedEndpoints exposed, boolean samePort) {
		List<VitalPaths.Endpoint> found = new ArrayList<>();
		// Additional paths are on the app's port even if Actuator has a port of its own.
		for (String path : exposed.getAdditionalPaths(WebServerNamespace.SERVER, HEALTH)) {
			found.add(new VitalPaths.Endpoint(path, true, RequestPriority.PROBE));
		}
		if (samePort) {
			String health = exposed.getPath(HEALTH);
			for (String path : exposed.getAllPaths()) {
				found.add(new VitalPaths.Endpoint(path, true,
						path.equals(health) ? RequestPriority.PROBE : RequestPriority.VITAL));
			}
			if (!exposed.getBasePath().isEmpty()) {
				found.add(new VitalPaths.Endpoint(exposed.getBasePath(), false, RequestPriority.VITAL));
			}
		}
		return List.copyOf(found);
	}

}
