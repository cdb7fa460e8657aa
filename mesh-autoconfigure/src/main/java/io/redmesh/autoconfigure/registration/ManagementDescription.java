package io.redmesh.autoconfigure.registration;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.core.env.Environment;

/**
 * The part of this instance's metadata that tells how to reach its Actuator. Spring Boot
 * Admin reads the keys {@code management.*}. {@value #PROMETHEUS} is set only if the
 * endpoint {@code prometheus} is served, so that the registry lists no target that cannot
 * be scraped.
 */
final class ManagementDescription {

	static final String SCHEME = "management.scheme";

	static final String ADDRESS = "management.address";

	static final String PORT = "management.port";

	static final String CONTEXT_PATH = "management.context-path";

	static final String PROMETHEUS = "prometheus.path";

	private static final EndpointId PROMETHEUS_ENDPOINT = EndpointId.of("prometheus");

	private final Environment environment;

	private final ObjectProvider<ManagementServerProperties> server;

	/** The endpoints of Actuator, requested late: getting them creates every endpoint. */
	private final ObjectProvider<PathMappedEndpoints> endpoints;

	ManagementDescription(Environment environment, ObjectProvider<ManagementServerProperties> server,
			ObjectProvider<PathMappedEndpoints> endpoints) {
		this.environment = environment;
		this.server = server;
		this.endpoints = endpoints;
	}

	/**
	 * Describes the Actuator as it is exposed on the web.
	 * @param ports the ports of the app's web server and of its management server
	 * @param host the host under which callers reach this instance
	 * @param paths the paths of the app's own web server
	 * @return the metadata; empty if nothing is exposed
	 */
	Map<String, String> metadata(ServerPorts ports, String host, WebPaths paths) {
		Map<String, String> metadata = new LinkedHashMap<>();
		PathMappedEndpoints exposed = this.endpoints.getIfUnique();
		if (exposed == null || ManagementPortType.get(this.environment) == ManagementPortType.DISABLED) {
			return metadata;
		}
		String base = paths.context() + paths.dispatcher();
		boolean reachable = true;
		Integer port = ports.management();
		if (port != null) {
			ManagementServerProperties properties = this.server.getIfUnique(ManagementServerProperties::new);
			base = WebPaths.clean(properties.getBasePath());
			metadata.put(SCHEME, ports.managementSecure() ? "https" : "http");
			metadata.put(PORT, String.valueOf(port));
			InetAddress address = properties.getAddress();
			if (address != null && !address.isAnyLocalAddress()) {
				metadata.put(ADDRESS, LocalAddress.text(address));
				reachable = !address.isLoopbackAddress() || LocalAddress.isLoopback(host);
			}
		}
		String path = base + exposed.getBasePath();
		// Spring Boot Admin treats an empty path as absent and calls /actuator.
		metadata.put(CONTEXT_PATH, path.isEmpty() ? "/" : path);
		String prometheus = exposed.getPath(PROMETHEUS_ENDPOINT);
		if (prometheus != null && reachable) {
			metadata.put(PROMETHEUS, base + prometheus);
		}
		return metadata;
	}

}
