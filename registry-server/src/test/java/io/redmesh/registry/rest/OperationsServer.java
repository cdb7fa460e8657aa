package io.redmesh.registry.rest;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.redmesh.core.time.ManualTime;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import org.springframework.beans.factory.support.StaticListableBeanFactory;

/** An HTTP server with only the operations of a test, and a plain client for it. */
final class OperationsServer implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final HttpClient client = HttpClient.newHttpClient();

	private final DisposableServer server;

	private OperationsServer(DisposableServer server) {
		this.server = server;
	}

	static OperationsServer start(Operations... tables) {
		StaticListableBeanFactory none = new StaticListableBeanFactory();
		RestRoutes routes = new RestRoutes(List.of(tables), new ManualTime(), new SimpleMeterRegistry(),
				new RequestTracing(none.getBeanProvider(SpanExporter.class), none.getBeanProvider(Tracer.class),
						none.getBeanProvider(Propagator.class)));
		return new OperationsServer(HttpServer.create().host("127.0.0.1").port(0).route(routes::apply).bindNow());
	}

	int port() {
		return this.server.port();
	}

	HttpResponse<String> get(String target, String... headers) {
		return call("GET", target, BodyPublishers.noBody(), headers);
	}

	HttpResponse<String> call(String method, String target, BodyPublisher body, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + target))
			.timeout(PATIENCE)
			.method(method, body);
		for (int i = 0; i < headers.length; i += 2) {
			request.header(headers[i], headers[i + 1]);
		}
		try {
			return this.client.send(request.build(), BodyHandlers.ofString());
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.server.disposeNow();
	}

}
