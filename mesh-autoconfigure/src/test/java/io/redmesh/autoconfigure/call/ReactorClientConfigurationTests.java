package io.redmesh.autoconfigure.call;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ReactorClientConfigurationTests {

	private static final int CALLS = 600;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("spring.http.clients.imperative.factory=reactor",
				"spring.http.clients.reactive.connector=reactor")
		.withConfiguration(AutoConfigurations.of(ImperativeHttpClientAutoConfiguration.class,
				ReactiveHttpClientAutoConfiguration.class));

	@Test
	void manyReactiveCallsOfOneInstanceAreUnderWayAtOnce() {
		this.runner.withUserConfiguration(Mesh.class)
			.run((context) -> assertThat(together(reactive(context.getBean(ClientHttpConnectorBuilder.class))))
				.isEqualTo(CALLS));
	}

	@Test
	void manyBlockingCallsOfOneInstanceAreUnderWayAtOnce() {
		this.runner.withUserConfiguration(Mesh.class)
			.run((context) -> assertThat(together(blocking(context.getBean(ClientHttpRequestFactoryBuilder.class))))
				.isEqualTo(CALLS));
	}

	@Test
	void limitsThatTheAppHasSetStay() {
		this.runner.withUserConfiguration(Mesh.class, OwnResources.class)
			.run((context) -> assertThatThrownBy(
					() -> together(reactive(context.getBean(ClientHttpConnectorBuilder.class))))
				.hasMessageContaining("Pending acquire queue has reached its maximum size of 40"));
	}

	private static Function<String, Mono<?>> reactive(ClientHttpConnectorBuilder<?> builder) {
		WebClient client = WebClient.builder().clientConnector(builder.build()).build();
		return (uri) -> client.get().uri(uri).retrieve().toBodilessEntity();
	}

	private static Function<String, Mono<?>> blocking(ClientHttpRequestFactoryBuilder<?> builder) {
		RestClient client = RestClient.builder().requestFactory(builder.build()).build();
		Scheduler threads = Schedulers.newBoundedElastic(CALLS, CALLS, "callers");
		return (uri) -> Mono.fromCallable(() -> client.get().uri(uri).retrieve().toBodilessEntity())
			.subscribeOn(threads);
	}

	/** Makes many calls, none of which is answered before all or no more have come. */
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

	@Import(ReactorClientConfiguration.class)
	static class Mesh {

	}

	static class OwnResources {

		@Bean
		ReactorResourceFactory resources() {
			ReactorResourceFactory resources = new ReactorResourceFactory();
			resources.setUseGlobalResources(false);
			resources.setConnectionProviderSupplier(() -> ConnectionProvider.create("own", 20));
			return resources;
		}

	}

}
