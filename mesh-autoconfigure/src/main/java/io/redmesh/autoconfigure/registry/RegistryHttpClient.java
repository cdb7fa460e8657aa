package io.redmesh.autoconfigure.registry;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

import io.redmesh.autoconfigure.MeshThreads;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Lease;
import io.redmesh.core.time.Timer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The client of the protocol in {@code docs/reference/rest.md}. It has an HTTP client of
 * its own, which neither the app nor the mesh customizes. A request is sent to the server
 * in use and then, if that one cannot carry it out, to the other servers.
 * <p>
 * Requests block on threads of this client. The asynchronous methods of
 * {@link HttpClient} complete on the common pool, where a busy app would keep its own
 * lease from being renewed.
 */
final class RegistryHttpClient implements RegistryClient, AutoCloseable {

	private static final String LEASE_HEADER = "Mesh-Lease";

	private static final String INCARNATION_HEADER = "Mesh-Incarnation";

	/**
	 * The minimum number of attempts, even with a lone server, since a kept-alive
	 * connection may turn out to be dead.
	 */
	private static final int MIN_TRIES = 2;

	/**
	 * The maximum number of requests in flight: a request, a watch and a hint, and one of
	 * each that was cancelled and is about to end.
	 */
	private static final int MAX_UNANSWERED = 6;

	private final RegistryUrls urls;

	private final String base;

	private final RequestTimeouts requestTimeouts;

	private final Timer timer;

	private final ThreadPoolExecutor engine = MeshThreads.executor("mesh-registry", 2);

	private final ThreadPoolExecutor unanswered = MeshThreads.executor("mesh-registry-call", MAX_UNANSWERED);

	private final HttpClient http;

	RegistryHttpClient(List<URI> urls, String namespace, Duration connectTimeout, Duration requestTimeout, Timer timer,
			RandomGenerator random) {
		this.urls = new RegistryUrls(urls, random);
		this.base = "/v1/namespaces/" + namespace;
		this.requestTimeouts = new RequestTimeouts(requestTimeout);
		this.timer = timer;
		// HTTP/2 would begin with an upgrade that some proxies do not support.
		this.http = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.connectTimeout(connectTimeout)
			.executor(this.engine)
			.build();
	}

	@Override
	public CompletionStage<Answer> register(Instance instance, Duration ttl, @Nullable Lease held, String incarnation) {
		ObjectNode body = InstanceJson.own(instance).put("ttl", ttl.toString());
		return send(new Exchange("PUT", path(instance), held, incarnation, body));
	}

	@Override
	public CompletionStage<Answer> renew(Instance instance, Lease held, @Nullable String rules) {
		ObjectNode body = (rules != null) ? JsonNodeFactory.instance.objectNode().put("rules", rules) : null;
		return send(new Exchange("POST", path(instance) + "/heartbeat", held, null, body));
	}

	@Override
	public CompletionStage<Answer> status(Instance instance, Lease held, Status status) {
		ObjectNode body = JsonNodeFactory.instance.objectNode().put("status", status.name());
		return send(new Exchange("PUT", path(instance) + "/status", held, null, body));
	}

	@Override
	public CompletionStage<Answer> deregister(Instance instance, Lease held) {
		return send(new Exchange("DELETE", path(instance), held, null, null));
	}

	private String path(Instance instance) {
		return this.base + "/services/" + instance.service() + "/instances/" + encode(instance.id());
	}

	private CompletionStage<Answer> send(Exchange exchange) {
		return attempt(exchange, Math.max(MIN_TRIES, this.urls.size()));
	}

	private CompletionStage<Answer> attempt(Exchange exchange, int triesLeft) {
		URI url = this.urls.current();
		return exchange(exchange, url).thenCompose((answer) -> {
			if (answer.outcome() != Answer.Outcome.UNAVAILABLE) {
				return CompletableFuture.completedFuture(answer);
			}
			this.urls.failed(url);
			boolean another = triesLeft > 1 && !(answer.futile() && this.urls.size() == 1);
			return another ? attempt(exchange, triesLeft - 1).thenApply(Answer::afterUnanswered)
					: CompletableFuture.completedFuture(answer);
		});
	}

	private CompletionStage<Answer> exchange(Exchange exchange, URI url) {
		CompletableFuture<Answer> answer = new CompletableFuture<>();
		Future<?> call = this.unanswered.submit(() -> answer.complete(exchangeNow(exchange, url)));
		Duration limit = this.requestTimeouts.limit();
		Timer.Scheduled timeout = this.timer.schedule(limit, () -> {
			// Noted before the caller learns of it, and may send the next request.
			this.requestTimeouts.timedOut();
			if (answer.complete(Answer.futile(url + ": no answer within " + limit))) {
				call.cancel(true);
			}
		});
		return answer.whenComplete((answered, failure) -> timeout.cancel());
	}

	private Answer exchangeNow(Exchange exchange, URI url) {
		try {
			HttpResponse<String> response = this.http.send(exchange.at(url), BodyHandlers.ofString());
			this.requestTimeouts.answered();
			return RegistryAnswers.read(url, response.statusCode(), response.body(), exchange.held,
					exchange.method.equals("DELETE"));
		}
		catch (ConnectException | HttpConnectTimeoutException ex) {
			// A server that starts is slow at first, and all clients connect to it again.
			this.requestTimeouts.timedOut();
			return Answer.futile(RegistryAnswers.describe(url, ex));
		}
		catch (IOException | InterruptedException | RuntimeException ex) {
			return Answer.failed(Answer.Outcome.UNAVAILABLE, RegistryAnswers.describe(url, ex));
		}
	}

	@Override
	public CompletionStage<Answer> hint(Collection<Instance> refused) {
		ObjectNode body = JsonNodeFactory.instance.objectNode();
		ArrayNode list = body.putArray("refused");
		refused.forEach((instance) -> list.addObject()
			.put("service", instance.service())
			.put("id", instance.id())
			.put("fence", instance.fence()));
		return exchange(new Exchange("POST", this.base + "/hints", null, null, body), this.urls.current());
	}

	@Override
	public Watch watch(Collection<String> services, @Nullable String after, @Nullable WatchIdentity self,
			WatchListener listener) {
		URI url = this.urls.current();
		String query = services.stream()
			.map((service) -> "service=" + encode(service))
			.collect(Collectors.joining("&"));
		String instance = (self != null) ? "&instance=" + self.service() + "/" + encode(self.id()) : "";
		// A server that does not know the parameter "rules" sends none.
		URI uri = URI.create(url + this.base + "/watch?" + query + "&rules=true" + instance);
		HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Accept", "text/event-stream");
		if (self != null) {
			request.header(INCARNATION_HEADER, self.incarnation());
		}
		if (after != null) {
			request.header("Last-Event-ID", after);
		}
		EventStream stream = new EventStream(url, listener, () -> this.urls.failed(url));
		stream.setReceiveTask(this.unanswered.submit(() -> receive(request.build(), stream)));
		return stream;
	}

	private void receive(HttpRequest request, EventStream stream) {
		try {
			this.http.send(request, stream);
		}
		catch (IOException | InterruptedException | RuntimeException ex) {
			stream.onError(ex);
		}
	}

	@Override
	public URI url() {
		return this.urls.current();
	}

	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	/**
	 * Ends the threads. {@link HttpClient} itself can only be closed from JDK 21 on;
	 * before, its connections end when it is garbage-collected.
	 */
	@Override
	public void close() {
		this.unanswered.shutdownNow();
		this.engine.shutdown();
	}

	private record Exchange(String method, String path, @Nullable Lease held, @Nullable String incarnation,
			@Nullable ObjectNode body) {

		HttpRequest at(URI url) {
			BodyPublisher publisher = (this.body != null) ? BodyPublishers.ofString(this.body.toString())
					: BodyPublishers.noBody();
			HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + this.path))
				.method(this.method, publisher)
				.header("Accept", "application/json, application/problem+json");
			if (this.body != null) {
				request.header("Content-Type", "application/json");
			}
			if (this.held != null) {
				request.header(LEASE_HEADER, this.held.token());
			}
			if (this.incarnation != null) {
				request.header(INCARNATION_HEADER, this.incarnation);
			}
			return request.build();
		}

	}

}
