package io.redmesh.benchmarks.propagation;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.redmesh.core.time.Timer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client that registers and renews instances by plain HTTP. */
final class RegistryCalls {

	private static final JsonMapper MAPPER = new JsonMapper();

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final URI base;

	RegistryCalls(URI server) {
		this.base = server.resolve("/v1/namespaces/default/");
	}

	/**
	 * Registers many instances of 50 services and renews them until the result is closed.
	 */
	AutoCloseable keep(int count) throws IOException, InterruptedException {
		List<String> leases = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			String service = "other-" + i % 50;
			String id = "i" + i;
			leases.add("{\"service\":\"%s\",\"id\":\"%s\",\"token\":\"%s\"}".formatted(service, id,
					register(service, id)));
		}
		String body = "{\"leases\":[" + String.join(",", leases) + "]}";
		Timer timer = Timer.start("renewals");
		timer.schedule(Duration.ofSeconds(5), () -> renew(timer, body));
		return timer;
	}

	private void renew(Timer timer, String body) {
		HttpRequest request = request("heartbeats").POST(HttpRequest.BodyPublishers.ofString(body)).build();
		this.client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenAccept((response) -> {
			if (response.statusCode() != 200 || !response.body().contains("\"unknown\":[]")) {
				System.err.println("Renewal failed: " + response.statusCode() + " " + response.body());
			}
		});
		timer.schedule(Duration.ofSeconds(5), () -> renew(timer, body));
	}

	String register(String service, String id) throws IOException, InterruptedException {
		String body = """
				{"host":"127.0.0.1","port":8080,"ttl":"PT1M","labels":{"version":"1"},"metadata":{"context-path":"/"}}""";
		HttpRequest request = request("services/" + service + "/instances/" + id)
			.PUT(HttpRequest.BodyPublishers.ofString(body))
			.build();
		HttpResponse<String> response = this.client.send(request, HttpResponse.BodyHandlers.ofString());
		if (response.statusCode() != 201) {
			throw new IOException(response.statusCode() + " " + response.body());
		}
		JsonNode answer = MAPPER.readTree(response.body());
		return answer.path("lease").path("token").asString();
	}

	void deregister(String service, String id, String token) throws IOException, InterruptedException {
		HttpRequest request = request("services/" + service + "/instances/" + id).header("Mesh-Lease", token)
			.DELETE()
			.build();
		HttpResponse<String> response = this.client.send(request, HttpResponse.BodyHandlers.ofString());
		if (response.statusCode() != 204) {
			throw new IOException(response.statusCode() + " " + response.body());
		}
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(this.base.resolve(path))
			.header("Content-Type", "application/json")
			.timeout(Duration.ofSeconds(10));
	}

}
