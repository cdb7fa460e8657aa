package io.redmesh.benchmarks.tail;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * An instance of a service in this process. It waits with timers and holds no thread.
 */
final class Server implements AutoCloseable {

	// Separate from the clients' loops, which end with each app.
	private static final LoopResources LOOPS = LoopResources.create("tail-server", 2, true);

	// Below the ports that the system gives to outgoing connections, so that no
	// connection takes the port while it is closed.
	private static final AtomicInteger NEXT_PORT = new AtomicInteger(21_000);

	private final Seconds seconds = new Seconds();

	private volatile Behaviour behaviour = Behaviour.HEALTHY;

	private volatile ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

	private @Nullable DisposableServer listener;

	private int port;

	Server() {
		while (this.listener == null) {
			this.port = NEXT_PORT.getAndIncrement();
			try {
				open();
			}
			catch (ChannelBindException ex) {
				// The port is in use; the next one is tried.
			}
		}
	}

	/** Opens the port, which is the same each time. */
	void open() {
		this.connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
		this.listener = HttpServer.create()
			.host("127.0.0.1")
			.port(this.port)
			.runOn(LOOPS)
			.channelGroup(this.connections)
			.handle(this::answer)
			.bindNow();
	}

	private Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
		this.seconds.count(request.requestHeaders().get(Seconds.HEADER));
		return this.behaviour.answer()
			.flatMap((status) -> response.status(status).sendString(Mono.just("done")).then());
	}

	void setBehaviour(Behaviour behaviour) {
		this.behaviour = behaviour;
	}

	Seconds seconds() {
		return this.seconds;
	}

	Instance instance(String zone) {
		Locality locality = zone.isEmpty() ? Locality.UNKNOWN : new Locality("here", zone, "");
		Instance plain = Instance.of("orders", "127.0.0.1:" + this.port, "127.0.0.1", this.port);
		return new Instance(plain.service(), plain.id(), plain.host(), plain.port(), false, plain.weight(), locality,
				plain.labels(), plain.metadata(), Status.UP, plain.fence());
	}

	/** Closes the port and all connections, as if the process was killed. */
	@Override
	public void close() {
		if (this.listener != null) {
			this.listener.channel().close().syncUninterruptibly();
			this.connections.close();
			this.listener.disposeNow(Duration.ofSeconds(3));
			this.listener = null;
		}
	}

}
