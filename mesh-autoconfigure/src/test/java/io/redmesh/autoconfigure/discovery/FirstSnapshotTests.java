package io.redmesh.autoconfigure.discovery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.redmesh.autoconfigure.TestRegistry;
import io.redmesh.autoconfigure.call.HttpTestServer;
import io.redmesh.autoconfigure.call.MeshClient;
import io.redmesh.autoconfigure.registry.FakeRegistryClient;
import io.redmesh.autoconfigure.registry.RegistryContact;
import io.redmesh.autoconfigure.registry.WatchEvent;
import io.redmesh.core.call.NoEndpointException;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClient;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(60)
class FirstSnapshotTests {

	private static final URI ORDERS = URI.create("http://orders/items");

	@TempDir
	Path directory;

	private final TestRegistry registry = new TestRegistry();

	private final HttpTestServer orders = HttpTestServer.start("a");

	private final ManualTime time = new ManualTime();

	private final FakeRegistryClient client = new FakeRegistryClient();

	private final Catalog catalog = new Catalog();

	private final RegistryContact contact = new RegistryContact(this.time, List.of("http://registry"));

	private final WatchLoop watch = new WatchLoop(this.client, this.catalog, this.contact, this.time, this.time,
			new Random(7), List.of("*"), (rules) -> {
			});

	private final FirstSnapshot first = new FirstSnapshot(this.watch, this.catalog, this.contact, this.time,
			Duration.ofSeconds(1));

	@AfterEach
	void stop() {
		this.orders.close();
		this.registry.close();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "RestClient", "WebClient", "LoadBalancerClient", "DiscoveryClient", "ReactiveDiscoveryClient" })
	void callInPostConstructFindsTheService(String client) {
		this.registry.put("orders", "a", "127.0.0.1", this.orders.port());
		try (ConfigurableApplicationContext app = start(this.registry.url(), "30s", caller(client))) {
			assertThat(app.getBean(AtStart.class).result).isEqualTo("a");
		}
	}

	@Test
	void registryThatIsNotReadyYetIsWaitedForWithoutHoldingUpAReactiveCaller() {
		this.registry.put("orders", "a", "127.0.0.1", this.orders.port());
		this.registry.unavailable(true);
		Function<Beans, String> caller = (beans) -> {
			CompletableFuture<String> answer = beans.web.build()
				.get()
				.uri(ORDERS)
				.retrieve()
				.bodyToMono(String.class)
				.toFuture();
			// This same thread makes the registry available, so it must not be blocked.
			assertThat(answer).isNotDone();
			this.registry.unavailable(false);
			return answer.orTimeout(30, TimeUnit.SECONDS).join();
		};
		try (ConfigurableApplicationContext app = start(this.registry.url(), "30s", caller)) {
			assertThat(app.getBean(AtStart.class).result).isEqualTo("a");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "RestClient", "WebClient" })
	void silentRegistryIsNamedInsteadOfAnUnknownHost(String client) throws IOException {
		try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			String url = "http://127.0.0.1:" + silent.getLocalPort();
			assertThatThrownBy(() -> start(url, "100ms", caller(client)).close())
				.hasStackTraceContaining("Unknown host 'orders'")
				.hasStackTraceContaining("no list of services has come from the registry [" + url + "] yet");
		}
	}

	@Test
	void onlyTheFirstListIsWaitedFor() {
		CompletableFuture<Void> wait = this.first.before(ORDERS);
		assertThat(wait).isNotNull().isNotDone();
		pass(0);
		assertThat(this.client.watches).hasSize(1);
		tell(new WatchEvent.Snapshot(new Cursor("lineage", 1, 1), true, Map.of()));
		assertThat(wait).isCompleted();
		this.client.lastWatch().listener.ended("by the test");
		pass(10);
		assertThat(this.first.before(ORDERS)).isNull();
		assertThat(this.first.explain(ORDERS, new UnknownHostException("orders")))
			.isInstanceOf(UnknownHostException.class);
	}

	@Test
	void patienceEndsOnceForAllCalls() {
		CompletableFuture<Void> wait = this.first.before(ORDERS);
		pass(900);
		assertThat(wait).isNotDone();
		assertThat(this.first.before(ORDERS)).isNotNull();
		pass(100);
		assertThat(wait).isCompleted();
		assertThat(this.first.before(ORDERS)).isNull();
		assertThat(this.first.explain(ORDERS, new IOException(new UnknownHostException("orders"))))
			.isInstanceOf(NoEndpointException.class)
			.hasMessageContaining("[http://registry]");
	}

	@Test
	void serviceThatAnEarlierRunKnewIsNotWaitedForWhenTheRegistryRefuses() {
		this.catalog.remember(Map.of("orders", List.of(Instance.of("orders", "a", "10.0.0.7", 80))));
		CompletableFuture<Void> known = this.first.before(URI.create("http://Orders/"));
		CompletableFuture<Void> unknown = this.first.before(URI.create("http://customers/"));
		pass(0);
		assertThat(known).isNotDone();
		this.client.lastWatch().listener.ended("refused");
		pass(0);
		assertThat(known).isCompleted();
		assertThat(unknown).isNotDone();
	}

	@Test
	void serviceByHandIsNotWaitedFor() {
		Catalog byHand = new Catalog(Map.of("orders", List.of(Instance.of("orders", "a", "localhost", 80))));
		FirstSnapshot wait = new FirstSnapshot(this.watch, byHand, this.contact, this.time, Duration.ofSeconds(1));
		assertThat(wait.before(URI.create("http://Orders/"))).isNull();
		assertThat(wait.before("customers")).isNotNull();
	}

	@Test
	void watchThatBeganEarlyIsTakenOverByTheSession() {
		this.first.before(ORDERS);
		pass(0);
		this.watch.open(() -> {
		});
		pass(0);
		assertThat(this.client.watches).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://127.0.0.1/", "http://[::1]/", "http://localhost/", "http://api.example.com/",
			"http://orders:8080/", "mailto:orders" })
	void hostsThatCannotBeServicesAreNotWaitedFor(String uri) {
		assertThat(this.first.before(URI.create(uri))).isNull();
		assertThat(this.first.explain(URI.create(uri), new UnknownHostException()))
			.isInstanceOf(UnknownHostException.class);
		pass(0);
		assertThat(this.client.watches).isEmpty();
	}

	@Test
	void unknownHostIsTheFailureOfAServiceThatHasGone() {
		this.catalog.snapshot(new Cursor("lineage", 1, 1), true,
				Map.of("orders", List.of(Instance.of("orders", "a", "10.0.0.7", 80))));
		this.catalog.snapshot(new Cursor("lineage", 1, 2), true, Map.of());
		assertThat(this.first.explain(ORDERS, new UnknownHostException("orders")))
			.isInstanceOfSatisfying(NoEndpointException.class, (none) -> assertThat(none.service()).isEqualTo("orders"))
			.hasMessage("No instance of 'orders' is known any more, and no host of that name");
		IOException other = new IOException("Connection reset");
		assertThat(this.first.explain(ORDERS, other)).isSameAs(other);
	}

	@Test
	void appThatFollowsNoRegistryDoesNotWait() {
		FirstSnapshot none = new FirstSnapshot(null, this.catalog, this.contact, this.time, Duration.ofSeconds(1));
		assertThat(none.before(ORDERS)).isNull();
		assertThat(none.explain(ORDERS, new UnknownHostException("orders")))
			.hasMessageContaining("mesh.discovery.enabled=false");
	}

	private void pass(long millis) {
		this.time.forward(Duration.ofMillis(millis));
	}

	private void tell(WatchEvent event) {
		this.client.lastWatch().listener.received(event, event.cursor() + "~own");
		pass(0);
	}

	private ConfigurableApplicationContext start(String registry, String startWait, Function<Beans, String> caller) {
		return new SpringApplicationBuilder(App.class).web(WebApplicationType.NONE)
			.initializers((context) -> ((GenericApplicationContext) context).registerBean(Caller.class,
					() -> new Caller(caller)))
			.run("--spring.application.name=shop", "--mesh.registry.url=" + registry, "--spring.config.name=none",
					"--mesh.registration.enabled=false", "--mesh.discovery.start-wait=" + startWait,
					"--mesh.discovery.snapshot-directory=" + this.directory);
	}

	private static Function<Beans, String> caller(String client) {
		return (beans) -> switch (client) {
			case "RestClient" -> beans.rest.build().get().uri(ORDERS).retrieve().body(String.class);
			case "WebClient" -> beans.web.build().get().uri(ORDERS).retrieve().bodyToMono(String.class).block();
			case "LoadBalancerClient" -> beans.balancer.choose("orders").getInstanceId();
			case "DiscoveryClient" -> beans.discovery.getInstances("orders").get(0).getInstanceId();
			case "ReactiveDiscoveryClient" -> beans.reactive.getInstances("orders").blockFirst().getInstanceId();
			default -> throw new IllegalArgumentException(client);
		};
	}

	record Beans(RestClient.Builder rest, WebClient.Builder web, LoadBalancerClient balancer, DiscoveryClient discovery,
			ReactiveDiscoveryClient reactive) {

	}

	record Caller(Function<Beans, String> call) {

	}

	static class AtStart {

		private final Beans beans;

		private final Caller caller;

		private String result = "none";

		AtStart(Beans beans, Caller caller) {
			this.beans = beans;
			this.caller = caller;
		}

		void call() {
			this.result = this.caller.call.apply(this.beans);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		@Bean(initMethod = "call")
		AtStart atStart(@MeshClient RestClient.Builder rest, @MeshClient WebClient.Builder web,
				LoadBalancerClient balancer, ObjectProvider<DiscoveryClient> discovery,
				ObjectProvider<ReactiveDiscoveryClient> reactive, Caller caller) {
			return new AtStart(new Beans(rest, web, balancer, discovery.getIfAvailable(), reactive.getIfAvailable()),
					caller);
		}

	}

}
