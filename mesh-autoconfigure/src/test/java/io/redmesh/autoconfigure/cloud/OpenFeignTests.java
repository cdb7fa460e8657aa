package io.redmesh.autoconfigure.cloud;

import java.util.List;
import java.util.Map;

import feign.FeignException;
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
import org.springframework.cloud.openfeign.EnableFeignClients;
import org.springframework.cloud.openfeign.FeignClient;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Tests of a real client of Spring Cloud OpenFeign with real servers. */
class OpenFeignTests {

	private final ConfigurableApplicationContext app = new SpringApplicationBuilder(App.class)
		.properties("spring.main.web-application-type=none", "spring.application.name=shop",
				"mesh.registration.enabled=false", "mesh.discovery.enabled=false", "spring.main.banner-mode=off",
				// The registry's own settings are on the test's class path.
				"spring.config.name=none")
		.run();

	private final Orders orders = this.app.getBean(Orders.class);

	@AfterEach
	void close() {
		this.app.close();
	}

	@Test
	void picksThroughTheMeshAndAvoidsUnreachableInstances() {
		HttpTestServer killed = HttpTestServer.start("killed");
		try (HttpTestServer survivor = HttpTestServer.start("survivor")) {
			known(killed.instance("orders"), survivor.instance("orders"));
			await().until(() -> {
				assertThat(this.orders.all()).isIn("killed", "survivor");
				return !killed.received().isEmpty() && survivor.received().size() > 1;
			});
			assertThat(endpoint("survivor").latency(Time.system().nanos())).isPositive();
			killed.close();
			await().ignoreExceptions().until(() -> {
				this.orders.all();
				return endpoint("killed").isEjected();
			});
			assertThat(pool().view().candidates()).containsExactly(endpoint("survivor"));
			assertThat(pool().all()).allMatch((endpoint) -> endpoint.inFlight() == 0);
		}
	}

	@Test
	void failuresCountAgainstTheInstanceThatAnswersThem() {
		try (HttpTestServer failing = HttpTestServer.answering("failing", 500)) {
			known(failing.instance("orders"));
			assertThatExceptionOfType(FeignException.InternalServerError.class).isThrownBy(this.orders::all);
			assertThat(endpoint("failing").failures(Time.system().nanos())).isEqualTo(1);
			assertThat(endpoint("failing").inFlight()).isZero();
		}
	}

	@Test
	void picksByTrafficRules() {
		try (HttpTestServer v1 = HttpTestServer.start("v1"); HttpTestServer v2 = HttpTestServer.start("v2")) {
			known(v1.instance("orders").withLabels(Map.of("version", "1")),
					v2.instance("orders").withLabels(Map.of("version", "2")));
			this.app.getBean(RuleBook.class).replace(TestRules.rules(GatewayTests.VERSIONS), "r1");
			for (int call = 0; call < 4; call++) {
				assertThat(this.orders.all()).isEqualTo("v1");
				assertThat(this.orders.all("jason")).isEqualTo("v2");
			}
		}
	}

	@Test
	void noInstanceToCallIsServiceUnavailable() {
		known();
		assertThatExceptionOfType(FeignException.ServiceUnavailable.class).isThrownBy(this.orders::all);
	}

	private void known(Instance... instances) {
		this.app.getBean(Catalog.class)
			.snapshot(new Cursor("lineage", 1, 1), true, Map.of("orders", List.of(instances)));
	}

	private EndpointPool pool() {
		return this.app.getBean(EndpointPools.class).pool("orders");
	}

	private Endpoint endpoint(String id) {
		return pool().all().stream().filter((endpoint) -> endpoint.instance().id().equals(id)).findAny().orElseThrow();
	}

	@FeignClient("orders")
	interface Orders {

		@GetMapping("/")
		String all();

		@GetMapping("/")
		String all(@RequestHeader("X-User") String user);

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableFeignClients(clients = Orders.class)
	static class App {

	}

}
