package io.redmesh.autoconfigure.actuate;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Locale;

import io.micrometer.core.instrument.MeterRegistry;
import io.redmesh.autoconfigure.TestRegistry;
import io.redmesh.autoconfigure.call.HttpCalls;
import io.redmesh.autoconfigure.call.ServedRequest;
import io.redmesh.core.call.Deadline;
import io.redmesh.core.call.DeadlinePassedException;
import io.redmesh.core.endpoint.EjectionCause;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.time.Time;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class ActuateTests {

	@TempDir
	static Path directory;

	private static final TestRegistry registry = new TestRegistry();

	private static ConfigurableApplicationContext app;

	private final HttpClient http = HttpClient.newHttpClient();

	@BeforeAll
	static void start() {
		app = new SpringApplicationBuilder(App.class).web(WebApplicationType.SERVLET)
			.run("--spring.application.name=orders", "--server.port=0", "--management.server.port=0",
					"--mesh.registry.url=" + registry.url(), "--mesh.registration.drain=0s",
					"--mesh.discovery.snapshot-directory=" + directory, "--spring.config.name=none",
					"--management.endpoints.web.exposure.include=*",
					"--management.endpoint.health.show-details=always");
		await().until(() -> registry.keys().size() == 1);
	}

	@AfterAll
	static void stop() {
		app.close();
		registry.close();
	}

	@Test
	void managementPortIsMetadataAndNoSecondInstance() {
		assertThat(registry.keys()).hasSize(1);
		JsonNode instance = registry.instance(registry.keys().get(0));
		assertThat(instance.path("port").asString()).isEqualTo(property("local.server.port"));
		assertThat(instance.at("/metadata/management.port").asString()).isEqualTo(property("local.management.port"));
		assertThat(instance.at("/metadata/management.context-path").asString()).isEqualTo("/actuator");
	}

	@Test
	void endpointDescribesTheSession() throws Exception {
		await().until(() -> get("/mesh").at("/registry/connected").asBoolean());
		await().until(() -> get("/mesh").at("/catalog/services/orders/up").asInt(0) == 1);
		JsonNode mesh = get("/mesh");
		assertThat(mesh.at("/registration/state").asString()).isIn("registered", "updated");
		assertThat(mesh.at("/registration/instance/port").asString()).isEqualTo(property("local.server.port"));
		assertThat(mesh.at("/registry/url").asString()).isEqualTo(registry.url());
		assertThat(mesh.at("/registry/connected").asBoolean()).isTrue();
		assertThat(mesh.at("/catalog/cursor").asString()).isNotEmpty();
		assertThat(mesh.toString()).doesNotContain("token");
	}

	@Test
	void endpointDescribesAService() throws Exception {
		await().until(() -> get("/mesh/orders").path("instances").size() == 1);
		assertThat(get("/mesh/orders").at("/instances/0/status").asString()).isEqualTo("UP");
		assertThat(send("GET", "/mesh/unknown", "").statusCode()).isEqualTo(404);
	}

	@Test
	void endpointListsAllEndpointsAndExplainsACall() throws Exception {
		await().until(() -> get("/mesh/orders").path("endpoints").size() == 1);
		JsonNode endpoint = get("/mesh/endpoints").at("/services/orders/0");
		assertThat(endpoint.path("candidate").asBoolean()).isTrue();
		assertThat(endpoint.path("inFlight").asInt(-1)).isZero();
		JsonNode explained = get("/mesh/explain?uri=http://orders/items/7");
		assertThat(explained.path("pick").asString()).isEqualTo(endpoint.path("id").asString());
		assertThat(explained.path("verdict").asString()).contains("is picked out of 1 candidates");
		assertThat(explained.at("/policy/loadBalancing").asString()).isEqualTo("adaptive");
		assertThat(explained.at("/policy/maxConcurrentCalls").asInt(-1)).isZero();
		assertThat(explained.at("/policy/hedgeAfter").asString()).isEqualTo("PT0S");
		Endpoint only = app.getBean(EndpointPools.class).pool("orders").all().get(0);
		long now = Time.system().nanos();
		only.eject(EjectionCause.UNREACHABLE, null, now, now);
		assertThat(get("/mesh/endpoints").at("/services/orders/0/ejection/cause").asString())
			.isEqualTo("no connection can be made");
		only.restore(now, now);
		assertThat(get("/mesh/explain?uri=http://example.com/").path("verdict").asString())
			.contains("no service of the mesh");
		assertThat(get("/mesh/explain?uri=orders").path("verdict").asString()).contains("names no host");
		assertThat(send("GET", "/mesh/explain", "").statusCode()).isEqualTo(404);
		assertThat(counter("mesh.client.ejections", "cause", "unreachable")).isPositive();
		assertThat(counter("mesh.client.restorations", "mesh.service", "orders")).isPositive();
		assertThat(app.getBean(MeterRegistry.class)
			.get("mesh.client.endpoints")
			.tags("mesh.service", "orders", "state", "candidate")
			.gauge()
			.value()).isOne();
	}

	@Test
	void explanationPlaysTheWholeDecision() throws Exception {
		await().until(() -> get("/mesh/endpoints").at("/services/orders").size() == 1);
		assertThat(verdict("https://orders/")).contains("No instance of 'orders' serves https");
		assertThat(verdict("http://orders:1/")).contains("no instance of 'orders' has registered port 1");
		assertThat(verdict("http://orders:" + property("local.server.port") + "/")).contains("is picked");
		assertThat(get("/mesh/explain?uri=http://orders/&timeout=3s").path("verdict").asString()).contains("it has PT",
				"to begin its answer");
		assertThat(get("/mesh/explain?uri=http://orders/&timeout=0s").path("verdict").asString())
			.contains("would come too late");
	}

	private String verdict(String uri) throws Exception {
		return get("/mesh/explain?uri=" + uri).path("verdict").asString();
	}

	@Test
	void callsThatWouldComeTooLateAreCounted() {
		await().until(() -> get("/mesh/orders").path("endpoints").size() == 1);
		ServedRequest late = new ServedRequest(1, new Deadline(true, Time.system().nanos()));
		assertThatExceptionOfType(DeadlinePassedException.class)
			.isThrownBy(() -> app.getBean(HttpCalls.class).plan("orders", true, late, null).await());
		assertThat(app.getBean(MeterRegistry.class)
			.get("mesh.client.refused")
			.tags("mesh.service", "orders", "reason", "deadline")
			.functionCounter()
			.count()).isOne();
	}

	// Prometheus sees no increase in a counter that begins with one.
	@Test
	void everyEjectionIsCountedFromZeroOn() {
		// The first call of a service registers its counters.
		await().until(() -> app.getBean(HttpCalls.class).plan("orders", true, null, null) != null);
		for (EjectionCause cause : EjectionCause.values()) {
			assertThat(counter("mesh.client.ejections", "cause", cause.name().toLowerCase(Locale.ROOT)))
				.isNotNegative();
		}
		assertThat(counter("mesh.client.restorations", "mesh.service", "orders")).isNotNegative();
	}

	private static double counter(String name, String tag, String value) {
		return app.getBean(MeterRegistry.class).get(name).tag(tag, value).counter().count();
	}

	@Test
	void registryThatGoesAwayLeavesTheAppHealthy() throws Exception {
		await().until(() -> get("/health").at("/components/mesh/status").asString().equals("UP"));
		assertThat(get("/health").at("/components/discoveryComposite/status").asString()).isEqualTo("UP");
		registry.unavailable(true);
		await().until(() -> get("/health").at("/components/mesh/details").has("stale since"));
		assertThat(get("/health").at("/components/mesh/status").asString()).isEqualTo("UP");
		assertThat(get("/health/liveness").path("status").asString()).isEqualTo("UP");
		assertThat(meter("mesh.registry.connected")).isZero();
		registry.unavailable(false);
		await().until(() -> meter("mesh.registry.connected") == 1);
	}

	@Test
	void transitionsAreCounted() {
		MeterRegistry meters = app.getBean(MeterRegistry.class);
		await().until(() -> meter("mesh.catalog.instances") == 1);
		assertThat(
				meters.get("mesh.registration.transitions").tag("transition", "registered").functionCounter().count())
			.isEqualTo(1);
		assertThat(meter("mesh.catalog.services")).isEqualTo(1);
	}

	@Test
	void statusIsSetByHandThroughSpringCloudsEndpoint() throws Exception {
		String key = registry.keys().get(0);
		assertThat(send("POST", "/serviceregistry", "{\"status\":\"OUT_OF_SERVICE\"}").statusCode()).isEqualTo(200);
		await().until(() -> registry.instance(key).path("status").asString().equals("DOWN"));
		await().until(() -> send("GET", "/serviceregistry", "").body().contains("DOWN"));
		send("POST", "/serviceregistry", "{\"status\":\"UP\"}");
		await().until(() -> registry.instance(key).path("status").asString().equals("UP"));
	}

	private double meter(String name) {
		return app.getBean(MeterRegistry.class).get(name).gauge().value();
	}

	private String property(String name) {
		return app.getEnvironment().getProperty(name);
	}

	private JsonNode get(String path) throws Exception {
		return JsonMapper.shared().readTree(send("GET", path, "").body());
	}

	private HttpResponse<String> send(String method, String path, String body) throws Exception {
		URI uri = URI.create("http://127.0.0.1:" + property("local.management.port") + "/actuator" + path);
		return this.http.send(HttpRequest.newBuilder(uri)
			.header("Content-Type", "application/json")
			.method(method, HttpRequest.BodyPublishers.ofString(body))
			.build(), BodyHandlers.ofString());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

	}

}
