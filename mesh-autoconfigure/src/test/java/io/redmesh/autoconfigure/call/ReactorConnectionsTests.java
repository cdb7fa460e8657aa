package io.redmesh.autoconfigure.call;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

class ReactorConnectionsTests {

	private static final int CALLS = 600;

	private final ReactorConnections connections = new ReactorConnections();

	@AfterEach
	void close() {
		this.connections.destroy();
	}

	@Test
	void manyReactiveCallsOfOneInstanceAreInFlightAtOnce() {
		WebClient client = WebClient.builder()
			.clientConnector(this.connections.use(ClientHttpConnectorBuilder.reactor()).build())
			.build();
		assertThat(together((uri) -> client.get().uri(uri).retrieve().toBodilessEntity())).isEqualTo(CALLS);
	}

	@Test
	void manyBlockingCallsOfOneInstanceAreInFlightAtOnce() {
		RestClient client = RestClient.builder()
			.requestFactory(this.connections.use(ClientHttpRequestFactoryBuilder.reactor()).build())
			.build();
		Scheduler threads = Schedulers.newBoundedElastic(CALLS, CALLS, "callers");
		assertThat(together((uri) -> Mono.fromCallable(() -> client.get().uri(uri).retrieve().toBodilessEntity())
			.subscribeOn(threads))).isEqualTo(CALLS);
	}

	/**
	 * Makes many calls at once and returns how many arrived. The server answers none
	 * before all have arrived; the calls are given up after 20 s.
	 */
	private static int together(Function<String, Mono<?>> client) {
		AtomicInteger arrived = new AtomicInteger();
		Sinks.Empty<Void> answer = Sinks.empty();
		DisposableServer server = HttpServer.create().host("127.0.0.1").port(0).handle((request, response) -> {
			if (arrived.incrementAndGet() == CALLS) {
				answer.tryEmitEmpty();
			}
			return answer.asMono().then(response.send());
		}).bindNow();
		try {
			Flux.range(0, CALLS)
				.flatMap((call) -> client.apply("http://127.0.0.1:" + server.port() + "/"), CALLS)
				.then()
				.timeout(Duration.ofSeconds(20), Mono.empty())
				.block();
			return arrived.get();
		}
		finally {
			server.disposeNow();
		}
	}

}
