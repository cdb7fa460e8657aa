package io.redmesh.registry;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

import io.redmesh.core.time.ManualTime;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.store.RegistryStore;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** A real server on a free port, and a plain client for it. */
public final class TestServer implements AutoCloseable {

	private static final JsonMapper JSON = new JsonMapper();

	private final HttpClient client = HttpClient.newHttpClient();

	private final ReactiveWebServerApplicationContext context;

	private TestServer(ReactiveWebServerApplicationContext context) {
		this.context = context;
	}

	public static Builder with(String... properties) {
		return new Builder(properties);
	}

	public static TestServer start(String... properties) {
		return with(properties).start();
	}

	public <T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	public <T> Collection<T> beans(Class<T> type) {
		return this.context.getBeansOfType(type).values();
	}

	public int port() {
		return this.context.getWebServer().getPort();
	}

	public Answer get(String path, String... headers) {
		return call("GET", path, null, headers);
	}

	public Answer head(String path, String... headers) {
		return call("HEAD", path, null, headers);
	}

	public Answer put(String path, String body, String... headers) {
		return call("PUT", path, body, headers);
	}

	public Answer post(String path, String body, String... headers) {
		return call("POST", path, body, headers);
	}

	public Answer delete(String path, String... headers) {
		return call("DELETE", path, null, headers);
	}

	/** Sends a request. A body is JSON unless the headers say otherwise. */
	public Answer call(String method, String path, String body, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
			.timeout(Duration.ofSeconds(10))
			.method(method,
					(body != null) ? HttpRequest.BodyPublishers.ofString(body) : HttpRequest.BodyPublishers.noBody());
		if (body != null && !List.of(headers).contains("Content-Type")) {
			request.header("Content-Type", "application/json");
		}
		for (int i = 0; i < headers.length; i += 2) {
			request.header(headers[i], headers[i + 1]);
		}
		try {
			return new Answer(this.client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Registers an instance and returns its token. */
	public String register(String service, String id) {
		return register("default", service, id);
	}

	public String register(String namespace, String service, String id) {
		Answer answer = put("/v1/namespaces/" + namespace + "/services/" + service + "/instances/" + id,
				"{\"host\":\"10.0.0.7\",\"port\":8080}");
		if (answer.status() / 100 != 2) {
			throw new IllegalStateException(answer.toString());
		}
		return answer.json().at("/lease/token").stringValue();
	}

	public URI uri(String path) {
		return URI.create("http://127.0.0.1:" + port() + path);
	}

	@Override
	public void close() {
		this.context.close();
	}

	/** A response of the server. */
	public record Answer(HttpResponse<String> response) {

		public int status() {
			return this.response.statusCode();
		}

		public String header(String name) {
			return this.response.headers().firstValue(name).orElse(null);
		}

		public JsonNode json() {
			return JSON.readTree(this.response.body());
		}

		/**
		 * Returns the last part of the type of the problem, such as {@code superseded}.
		 */
		public String problem() {
			if (!"application/problem+json".equals(header("Content-Type"))) {
				throw new IllegalStateException("not a problem: " + this);
			}
			return json().path("type").stringValue().replaceFirst("^urn:redmesh:problem:", "");
		}

		@Override
		public String toString() {
			return status() + " " + this.response.headers().map() + " " + this.response.body();
		}

	}

	/**
	 * The clocks of a {@link ManualTime}, without its timer, so that injection finds one
	 * bean of each type.
	 */
	private record ClocksOf(ManualTime time) implements Time {

		@Override
		public long nanos() {
			return this.time.nanos();
		}

		@Override
		public Instant now() {
			return this.time.now();
		}

		@Override
		public void sleep(Duration duration) throws InterruptedException {
			this.time.sleep(duration);
		}

	}

	private record TimerOf(ManualTime time) implements Timer {

		@Override
		public Scheduled schedule(Duration delay, Runnable task) {
			return this.time.schedule(delay, task);
		}

		@Override
		public void close() {
			this.time.close();
		}

	}

	/** A builder of a server with its properties, clock and store. */
	public static final class Builder {

		private final List<String> properties = new ArrayList<>();

		private final List<Consumer<GenericApplicationContext>> beans = new ArrayList<>();

		private Builder(String... properties) {
			this.properties.add("server.port=0");
			this.properties.addAll(List.of(properties));
		}

		public Builder time(ManualTime time) {
			this.beans.add((context) -> {
				context.registerBean(Time.class, () -> new ClocksOf(time));
				context.registerBean(Timer.class, () -> new TimerOf(time));
			});
			return this;
		}

		public Builder store(RegistryStore store) {
			this.beans.add((context) -> context.registerBean(RegistryStore.class, () -> store));
			return this;
		}

		public TestServer start() {
			SpringApplicationBuilder application = new SpringApplicationBuilder(RegistryServerApplication.class)
				.properties(this.properties.toArray(String[]::new))
				.initializers(
						(context) -> this.beans.forEach((bean) -> bean.accept((GenericApplicationContext) context)));
			return new TestServer((ReactiveWebServerApplicationContext) application.run("--server.port=0"));
		}

	}

}
