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

/**
 * A probe of an instance's registered address, which connects and disconnects at once.
 */
final class TcpProbe {

	private static final Duration TIMEOUT = Duration.ofMillis(300);

	private final TcpClient client;

	TcpProbe(LoopResources loops) {
		this.client = TcpClient.create(ConnectionProvider.newConnection())
			.runOn(loops)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) TIMEOUT.toMillis());
	}

	/** The result of a probe. */
	enum ProbeResult {

		/** A process accepts connections. */
		OPEN,

		/** The machine is there, but no process listens. */
		REFUSED,

		/** Nothing is known: timed out, no route, or no such host. */
		SILENT

	}

	/**
	 * Connects to an instance.
	 * @param instance the instance
	 * @return the result, never an error
	 */
	Mono<ProbeResult> connect(Instance instance) {
		return this.client.host(instance.host()).port(instance.port()).connect().map((connection) -> {
			connection.dispose();
			return ProbeResult.OPEN;
		}).onErrorResume((failure) -> Mono.just(isRefused(failure) ? ProbeResult.REFUSED : ProbeResult.SILENT));
	}

	private static boolean isRefused(Throwable failure) {
		return failure instanceof ConnectException && !(failure instanceof ConnectTimeoutException)
				&& Objects.requireNonNullElse(failure.getMessage(), "").contains("refused");
	}

}
