package io.redmesh.registry.eviction;

import java.net.ConnectException;
import java.time.Duration;
import java.util.Objects;

import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.redmesh.core.instance.Instance;
import reactor.core.publisher.Mono;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;

/** Knocks at the registered address of an instance: connects, and hangs up at once. */
final class TcpProbe {

	private static final Duration PATIENCE = Duration.ofMillis(300);

	private final TcpClient client;

	TcpProbe(LoopResources loops) {
		this.client = TcpClient.create(ConnectionProvider.newConnection())
			.runOn(loops)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) PATIENCE.toMillis());
	}

	/** What came of it. */
	enum Knock {

		/** Somebody listens. */
		OPEN,

		/** The machine is there, and nobody listens. */
		REFUSED,

		/** Nothing is known: no answer in time, no way there, no such name. */
		SILENT

	}

	/**
	 * Knocks.
	 * @param instance at whose door
	 * @return what came of it, never an error
	 */
	Mono<Knock> knock(Instance instance) {
		return this.client.host(instance.host()).port(instance.port()).connect().map((connection) -> {
			connection.dispose();
			return Knock.OPEN;
		}).onErrorResume((failure) -> Mono.just(isRefused(failure) ? Knock.REFUSED : Knock.SILENT));
	}

	private static boolean isRefused(Throwable failure) {
		return failure instanceof ConnectException && !(failure instanceof ConnectTimeoutException)
				&& Objects.requireNonNullElse(failure.getMessage(), "").contains("refused");
	}

}
