package io.redmesh.chaos.mesh;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import io.redmesh.chaos.history.InstanceView;
import io.redmesh.core.registry.Cursor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A reader of what a server lists now. */
public final class Listing {

	private static final int TIMEOUT_MILLIS = 2000;

	private Listing() {
	}

	/**
	 * Reads the cursor at which a server stands.
	 * @param server the server
	 * @return its cursor
	 * @throws UncheckedIOException if the request fails
	 */
	public static Cursor head(Server server) {
		String cursor = get(server, "/services").path("cursor").asString();
		return Objects.requireNonNull(Cursor.parse(cursor));
	}

	/**
	 * Reads all instances.
	 * @param server the server
	 * @return the instances that it lists, by name
	 * @throws UncheckedIOException if a request fails
	 */
	public static Map<String, InstanceView> all(Server server) {
		Map<String, InstanceView> all = new TreeMap<>();
		get(server, "/services").path("services")
			.forEach((service) -> all.putAll(of(server, service.path("name").asString())));
		return all;
	}

	/**
	 * Reads the instances of a service.
	 * @param server the server
	 * @param service the service
	 * @return the instances that it lists, by name
	 * @throws UncheckedIOException if the request fails
	 */
	public static Map<String, InstanceView> of(Server server, String service) {
		Map<String, InstanceView> instances = new TreeMap<>();
		get(server, "/services/" + service).path("instances").forEach((node) -> {
			InstanceView instance = SimulatedWatcher.view(node);
			instances.put(instance.name(), instance);
		});
		return instances;
	}

	private static JsonNode get(Server server, String path) {
		try {
			HttpURLConnection connection = (HttpURLConnection) URI.create(server.url(RegistryCalls.NAMESPACE + path))
				.toURL()
				.openConnection();
			connection.setConnectTimeout(TIMEOUT_MILLIS);
			connection.setReadTimeout(TIMEOUT_MILLIS);
			try (InputStream body = connection.getInputStream()) {
				return JsonMapper.shared().readTree(body.readAllBytes());
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
