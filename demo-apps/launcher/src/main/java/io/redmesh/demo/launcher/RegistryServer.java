package io.redmesh.demo.launcher;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** A client of one registry server's REST interface. */
final class RegistryServer {

	private static final Duration TIMEOUT = Duration.ofSeconds(3);

	private final URI uri;

	RegistryServer(URI uri) {
		this.uri = uri;
	}

	URI uri() {
		return this.uri;
	}

	/** Returns the instances of a service that the server lists. */
	Listing list(String service) throws IOException, InterruptedException {
		HttpResponse<String> response = Probe
			.get(this.uri.resolve("/v1/namespaces/default/services/%s".formatted(service)));
		if (response.statusCode() != 200) {
			return new Listing(response.statusCode(), false, Set.of(), Set.of());
		}
		Map<String, @Nullable Object> body = Json.object(response.body());
		Set<String> ids = new HashSet<>();
		Set<String> suspects = new HashSet<>();
		for (Object instance : Json.list(body.get("instances"))) {
			String id = Json.text(Json.map(instance).get("id"));
			ids.add(id);
			if (Boolean.TRUE.equals(Json.map(instance).get("suspect"))) {
				suspects.add(id);
			}
		}
		return new Listing(200, Boolean.TRUE.equals(body.get("complete")), ids, suspects);
	}

	/**
	 * Registers an instance without a port, in one attempt.
	 * @return the token of its lease, or empty if the server refused or did not respond
	 */
	Optional<String> register(String service, String id) throws InterruptedException {
		HttpRequest request = instance(service, id).header("Content-Type", "application/json")
			.PUT(BodyPublishers.ofString("{\"host\":\"127.0.0.1\",\"port\":0}"))
			.build();
		try {
			HttpResponse<String> response = Probe.CLIENT.send(request, BodyHandlers.ofString());
			if (response.statusCode() / 100 != 2) {
				return Optional.empty();
			}
			return Optional.of(Json.text(Json.map(Json.object(response.body()).get("lease")).get("token")));
		}
		catch (IOException ex) {
			return Optional.empty();
		}
	}

	/** Deregisters an instance in one attempt and returns whether the server agreed. */
	boolean deregister(String service, String id, String token) throws InterruptedException {
		HttpRequest request = instance(service, id).header("Mesh-Lease", token).DELETE().build();
		try {
			return Probe.CLIENT.send(request, BodyHandlers.discarding()).statusCode() / 100 == 2;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private HttpRequest.Builder instance(String service, String id) {
		return HttpRequest
			.newBuilder(this.uri.resolve("/v1/namespaces/default/services/%s/instances/%s".formatted(service, id)))
			.timeout(TIMEOUT);
	}

	/**
	 * A server's response about a service.
	 *
	 * @param status the HTTP status; with any other than 200 the rest is empty
	 * @param complete whether the server says that nothing is missing
	 * @param ids the ids of all instances
	 * @param suspects the ids of the suspect instances
	 */
	record Listing(int status, boolean complete, Set<String> ids, Set<String> suspects) {
	}

}
