package io.redmesh.autoconfigure.cloud;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.redmesh.autoconfigure.call.FaultyServer;
import io.redmesh.autoconfigure.call.HttpTestServer;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Time;
import io.redmesh.core.traffic.RuleBook;
import io.redmesh.core.traffic.TestRules;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Tests of a real Spring Cloud Gateway in front of real servers. */
class GatewayTests {

	static final String VERSIONS = TestRules.ordersYaml("""
			- match: [{headers: {x-user: {exact: jason}}}]
			  route: [{destination: {host: orders, subset: v2}}]
			- route: [{destination: {host: orders, subset: v1}}]
			""") + "\n---\n" + TestRules.ordersPolicyYaml("""
			subsets:
			- name: v1
			  labels: {version: "1"}
			- name: v2
			  labels: {version: "2"}
			""");

	private final ConfigurableApplicationContext gateway = new SpringApplicationBuilder(App.class)
		.properties("spring.main.web-application-type=reactive", "spring.application.name=gateway", "server.port=0",
				"server.address=127.0.0.1", "server.shutdown=immediate", "mesh.registration.enabled=false",
				"mesh.discovery.enabled=false", "spring.main.banner-mode=off",
				// InboundApp tells why connections are not kept alive. The registry's own
				// settings are on the test's class path, so none are read.
				"server.netty.max-keep-alive-requests=1", "spring.config.name=none",
				"spring.cloud.gateway.server.webflux.routes[0].id=orders",
				"spring.cloud.gateway.server.webflux.routes[0].uri=lb://orders",
				"spring.cloud.gateway.server.webflux.routes[0].predicates[0]=Path=/**",
				"spring.cloud.gateway.server.webflux.routes[0].filters[0]=Retry=3")
		.run("--spring.cloud.gateway.server.webflux.enabled=true");

	private final HttpClient client = HttpClient.newHttpClient();

	@AfterEach
	void close() {
		this.gateway.close();
	}

	@Test
	void routeToAServicePicksThroughTheMeshAndNamesTheService() throws Exception {
		try (HttpTestServer server = HttpTestServer.start("a")) {
			known(server.instance("orders"));
			assertThat(get().body()).isEqualTo("a");
			// The latency of the first response is not kept.
			assertThat(get().body()).isEqualTo("a");
			assertThat(server.received()).hasSize(2)
				.allSatisfy((request) -> assertThat(request.header("Mesh-Destination")).isEqualTo("orders"));
			Endpoint endpoint = endpoint("a");
			assertThat(endpoint.attempts(Time.system().nanos())).isEqualTo(2);
			assertThat(endpoint.latency(Time.system().nanos())).isPositive();
			assertThat(endpoint.inFlight()).isZero();
		}
	}

	@Test
	void whenOneOfTwoIsKilledNoCallFailsAndTheDeadOneIsAvoided() throws Exception {
		HttpTestServer killed = HttpTestServer.start("killed");
		try (HttpTestServer survivor = HttpTestServer.start("survivor")) {
			known(killed.instance("orders"), survivor.instance("orders"));
			await().until(() -> get().statusCode() == 200 && !killed.received().isEmpty());
			killed.close();
			await().until(() -> {
				assertThat(get()).returns(200, HttpResponse::statusCode).returns("survivor", HttpResponse::body);
				return endpoint("killed").isEjected();
			});
			for (int i = 0; i < 20; i++) {
				assertThat(get().body()).isEqualTo("survivor");
			}
			assertThat(pool().view().candidates()).containsExactly(endpoint("survivor"));
			assertThat(pool().all()).allMatch((endpoint) -> endpoint.inFlight() == 0);
		}
	}

	@Test
	void callIsInFlightUntilItsClientDisconnects() throws Exception {
		try (FaultyServer silent = FaultyServer.silent()) {
			known(silent.instance("orders", "silent"));
			CompletableFuture<HttpResponse<String>> call = this.client.sendAsync(request(),
					HttpResponse.BodyHandlers.ofString());
			await().until(() -> endpoint("silent").inFlight() == 1);
			call.cancel(true);
			await().until(() -> endpoint("silent").inFlight() == 0);
			assertThat(endpoint("silent").failures(Time.system().nanos())).isZero();
		}
	}

	@Test
	void failureOfTheServiceIsPassedOnAsItsOwn() throws Exception {
		try (HttpTestServer busy = HttpTestServer.answering("busy", 503)) {
			known(busy.instance("orders"));
			HttpResponse<String> passedOn = get();
			assertThat(passedOn.statusCode()).isEqualTo(503);
			assertThat(passedOn.headers().allValues("Mesh-Failed-At")).containsExactly("orders");
			// The failure counts against the service all the same.
			assertThat(endpoint("busy").failures(Time.system().nanos())).isPositive();
		}
		assertThat(get()).satisfies((passedOn) -> {
			assertThat(passedOn.statusCode()).isGreaterThanOrEqualTo(500);
			assertThat(passedOn.headers().allValues("Mesh-Failed-At")).containsExactly("orders");
		});
	}

	@Test
	void routePicksByTrafficRules() throws Exception {
		try (HttpTestServer v1 = HttpTestServer.start("v1"); HttpTestServer v2 = HttpTestServer.start("v2")) {
			known(v1.instance("orders").withLabels(Map.of("version", "1")),
					v2.instance("orders").withLabels(Map.of("version", "2")));
			this.gateway.getBean(RuleBook.class).replace(TestRules.rules(VERSIONS), "r1");
			for (int call = 0; call < 4; call++) {
				assertThat(get().body()).isEqualTo("v1");
				assertThat(this.client
					.send(HttpRequest.newBuilder(request().uri()).header("X-User", "jason").build(),
							HttpResponse.BodyHandlers.ofString())
					.body()).isEqualTo("v2");
			}
			assertThat(v2.received()).hasSize(4)
				.allSatisfy((request) -> assertThat(request.header("Mesh-Destination")).isEqualTo("orders"));
		}
	}

	@Test
	void routeOfARuleChangesPathAndHeaders() throws Exception {
		try (HttpTestServer busy = HttpTestServer.answering("busy", 503);
				HttpTestServer server = HttpTestServer.start("a")) {
			known(busy.instance("orders"), server.instance("orders"));
			this.gateway.getBean(RuleBook.class).replace(TestRules.rules(TestRules.ordersYaml("""
					- match: [{uri: {prefix: /api}}]
					  rewrite: {uri: /internal}
					  headers:
					    request: {add: {x-tag: rule}}
					    response: {add: {x-rule: orders}}
					  route: [{destination: {host: orders}}]
					""")), "r1");
			for (int call = 0; call < 2; call++) {
				HttpResponse<String> answer = this.client.send(
						HttpRequest.newBuilder(request().uri().resolve("/api/items?x=1")).build(),
						HttpResponse.BodyHandlers.ofString());
				assertThat(answer.body()).isEqualTo("a");
				assertThat(answer.headers().allValues("x-rule")).containsExactly("orders");
			}
			assertThat(server.received()).hasSize(2).allSatisfy((request) -> {
				assertThat(request.uri()).isEqualTo(URI.create("/internal/items?x=1"));
				assertThat(request.headers().getAll("x-tag")).containsExactly("rule");
			});
		}
	}

	private HttpRequest request() {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%s/"
			.formatted(this.gateway.getEnvironment().getRequiredProperty("local.server.port")))).build();
	}

	private HttpResponse<String> get() throws IOException, InterruptedException {
		return this.client.send(request(), HttpResponse.BodyHandlers.ofString());
	}

	private void known(Instance... instances) {
		this.gateway.getBean(Catalog.class)
			.snapshot(new Cursor("lineage", 1, 1), true, Map.of("orders", List.of(instances)));
	}

	private EndpointPool pool() {
		return this.gateway.getBean(EndpointPools.class).pool("orders");
	}

	private Endpoint endpoint(String id) {
		return pool().all().stream().filter((endpoint) -> endpoint.instance().id().equals(id)).findAny().orElseThrow();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

	}

}
