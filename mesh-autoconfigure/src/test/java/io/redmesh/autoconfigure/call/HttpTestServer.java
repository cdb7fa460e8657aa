package io.redmesh.autoconfigure.call;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * A real HTTP server on the loopback interface. It responds with its id and records its
 * requests. Like other servers, it sends a small response in one piece. So a test that
 * kills the server does not get half a response by accident.
 */
public final class HttpTestServer implements AutoCloseable {

	private final List<Received> received = new CopyOnWriteArrayList<>();

	// Not the shared event loop, which an app disposes of when it stops.
	private final LoopResources loop = LoopResources.create("http-test-server", 1, true);

	private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

	private final String id;

	private final int status;

	private final Map<String, String> headers;

	private final boolean refusing;

	private final DisposableServer server;

	private HttpTestServer(String id, int status, Map<String, String> headers, boolean refusing) {
		this.refusing = refusing;
		this.id = id;
		this.status = status;
		this.headers = headers;
		this.server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.runOn(this.loop)
			.channelGroup(this.connections)
			.handle(this::answer)
			.bindNow();
	}

	public static HttpTestServer start(String id) {
		return new HttpTestServer(id, 200, Map.of(), false);
	}

	public static HttpTestServer answering(String id, int status) {
		return new HttpTestServer(id, status, Map.of(), false);
	}

	/**
	 * Starts a server that refuses all requests before it does anything for them, as the
	 * inbound side does.
	 */
	public static HttpTestServer refusing(String id, int status) {
		return new HttpTestServer(id, status, Map.of(), true);
	}

	/** Starts a server that reports the failure of another service behind it. */
	public static HttpTestServer relaying(String id, int status, String failedAt) {
		return new HttpTestServer(id, status, Map.of("Mesh-Failed-At", failedAt), false);
	}

	/** Starts a server that redirects all requests. */
	public static HttpTestServer redirecting(String id, int status, String location) {
		return new HttpTestServer(id, status, Map.of("Location", location), false);
	}

	/** Starts a server that reports its load. */
	public static HttpTestServer reporting(String id, String load) {
		return new HttpTestServer(id, 200, Map.of("Mesh-Load", load), false);
	}

	private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
		response.status(this.status);
		this.headers.forEach(response::header);
		String destination = request.requestHeaders().get("Mesh-Destination");
		if (this.refusing && destination != null) {
			response.header("Mesh-Refused", destination);
		}
		return request.receive().aggregate().asString().defaultIfEmpty("").flatMap((body) -> {
			this.received.add(new Received(request.method().name(), URI.create(request.uri()),
					request.requestHeaders().copy(), body));
			return response.sendString(Mono.just(this.id)).then();
		});
	}

	public List<Received> received() {
		return this.received;
	}

	public int port() {
		return this.server.port();
	}

	public Instance instance(String service) {
		return Instance.of(service, this.id, "127.0.0.1", port());
	}

	/**
	 * Kills the server: clients that wait for a response get none. Does nothing the
	 * second time.
	 */
	@Override
	public void close() {
		if (this.loop.isDisposed()) {
			return;
		}
		this.server.channel().close().syncUninterruptibly();
		this.connections.close().awaitUninterruptibly();
		this.loop.dispose();
	}

	public record Received(String method, URI uri, HttpHeaders headers, String body) {

		public @Nullable String header(String name) {
			return this.headers.get(name);
		}

	}

}
