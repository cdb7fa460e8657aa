package io.redmesh.chaos.mesh;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Requests to the registry over connections that all instances share. Safe for use by
 * many threads.
 */
final class RegistryCalls {

	static final String NAMESPACE = "/v1/namespaces/default";

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

	private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);

	private static final JsonMapper mapper = JsonMapper.shared();

	private final HttpClient http;

	RegistryCalls(Executor executor) {
		this.http = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.connectTimeout(CONNECT_TIMEOUT)
			.executor(executor)
			.build();
	}

	/**
	 * Sends a request to one server.
	 * @return completes with the response, or with status 0 if there was none in time
	 */
	CompletableFuture<Reply> send(Server server, String method, String path, Map<String, String> headers,
			@Nullable JsonNode body) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url(NAMESPACE + path)))
			.timeout(REQUEST_TIMEOUT)
			.method(method, (body != null) ? BodyPublishers.ofString(body.toString()) : BodyPublishers.noBody());
		if (body != null) {
			request.header("Content-Type", "application/json");
		}
		headers.forEach(request::header);
		return this.http.sendAsync(request.build(), BodyHandlers.ofString())
			.thenApply((response) -> new Reply(response.statusCode(), parse(response.body())))
			.exceptionally((failure) -> new Reply(0, MissingNode.getInstance()));
	}

	private static JsonNode parse(String body) {
		try {
			return body.isEmpty() ? MissingNode.getInstance() : mapper.readTree(body);
		}
		catch (JacksonException ex) {
			return MissingNode.getInstance();
		}
	}

	/**
	 * The response to a request.
	 *
	 * @param status the status, or 0 without a response
	 * @param body the body, missing if it is no JSON
	 */
	record Reply(int status, JsonNode body) {

		/** Tells whether the client must use another server. */
		boolean isUnavailable() {
			return this.status == 0 || this.status >= 500 || this.status == 429;
		}

	}

}
