package io.redmesh.autoconfigure.call;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.redmesh.core.instance.Instance;

/**
 * A real HTTP server on the loopback interface that says who it is and keeps what it got.
 */
public final class HttpTestServer implements AutoCloseable {

	static {
		System.setProperty("sun.net.httpserver.nodelay", "true");
	}

	private final List<Received> received = new CopyOnWriteArrayList<>();

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final String id;

	private final int status;

	private final HttpServer server;

	private HttpTestServer(String id, int status) {
		this.id = id;
		this.status = status;
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.setExecutor(this.executor);
		this.server.createContext("/", this::answer);
		this.server.start();
	}

	public static HttpTestServer start(String id) {
		return new HttpTestServer(id, 200);
	}

	public static HttpTestServer answering(String id, int status) {
		return new HttpTestServer(id, status);
	}

	private void answer(HttpExchange exchange) throws IOException {
		try (exchange) {
			String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
			this.received.add(new Received(exchange.getRequestMethod(), exchange.getRequestURI(),
					exchange.getRequestHeaders(), body));
			byte[] answer = this.id.getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(this.status, answer.length);
			exchange.getResponseBody().write(answer);
		}
	}

	public List<Received> received() {
		return this.received;
	}

	public int port() {
		return this.server.getAddress().getPort();
	}

	public Instance instance(String service) {
		return Instance.of(service, this.id, "127.0.0.1", port());
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.executor.shutdownNow();
	}

	public record Received(String method, URI uri, Headers headers, String body) {

		public String header(String name) {
			return this.headers.getFirst(name);
		}

	}

}
