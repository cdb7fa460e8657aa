package io.redmesh.autoconfigure.registration;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.redmesh.autoconfigure.RegistryServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Tests of changes while an app runs, against the real registry server. */
@ExtendWith(OutputCaptureExtension.class)
class LiveInstanceTests {

	@TempDir
	static Path directory;

	private static final RegistryServer registry = new RegistryServer();

	@AfterAll
	static void closeRegistry() {
		registry.close();
	}

	@Test
	void valuesSetByTheAppReachTheRegistryAndTheLeaseStays() {
		try (var app = start("changing")) {
			JsonNode before = registered("changing");
			InstanceDetails details = app.getBean(InstanceDetails.class);
			details.weight(10);
			details.label("color", "blue");
			details.metadata("release", "7");
			await().until(() -> registered("changing").path("weight").asInt() == 10);
			JsonNode after = registered("changing");
			assertThat(after.at("/labels/color").asString()).isEqualTo("blue");
			assertThat(after.at("/metadata/release").asString()).isEqualTo("7");
			assertThat(after.path("fence")).isEqualTo(before.path("fence"));
			assertThat(app.getBean(RegistrationJournal.class).count(RegistrationTransition.UPDATED)).isEqualTo(1);
		}
	}

	@Test
	void refreshOfTheEnvironmentReachesTheRegistry(CapturedOutput output) {
		try (var app = start("refreshed")) {
			registered("refreshed");
			refresh(app, Map.of("mesh.instance.weight", "20", "mesh.instance.labels.color", "green"));
			await().until(() -> registered("refreshed").path("weight").asInt() == 20);
			assertThat(registered("refreshed").at("/labels/color").asString()).isEqualTo("green");
			refresh(app, Map.of("mesh.instance.weight", "-1"));
			assertThat(output).contains("Kept weight, labels and metadata")
				.contains("weight: -1 (expected: 0 to 10000)");
			assertThat(app.getBean(InstanceDetails.class).now().weight()).isEqualTo(20);
		}
	}

	@Test
	void healthGroupDecidesBesideTheReadiness() {
		try (var app = start("unhealthy", "--mesh.registration.health-group=serving",
				"--management.endpoint.health.group.serving.include=database")) {
			await().until(() -> registered("unhealthy").path("status").asString().equals("UP"));
			app.getBean(Database.class).status.set(Status.OUT_OF_SERVICE);
			await().atMost(Duration.ofSeconds(20))
				.until(() -> registered("unhealthy").path("status").asString().equals("DOWN"));
		}
	}

	@Test
	void withoutTheGroupHealthDecidesNothing() {
		try (var app = start("careless")) {
			app.getBean(Database.class).status.set(Status.DOWN);
			assertThat(registered("careless").path("status").asString()).isEqualTo("UP");
			assertThat(app.getBeanProvider(InstanceHealth.class).getIfAvailable()).isNull();
		}
	}

	@Test
	void loopbackIsWarnedOfWhenAnotherInstanceRunsElsewhere(CapturedOutput output) throws Exception {
		try (var app = start("local")) {
			registered("local");
			assertThat(output).doesNotContain("only this machine can reach");
			HttpRequest other = HttpRequest
				.newBuilder(URI.create(registry.url() + "/v1/namespaces/default/services/other/instances/a"))
				.header("Content-Type", "application/json")
				.PUT(BodyPublishers.ofString("{\"host\":\"198.51.100.7\",\"port\":8080,\"ttl\":\"PT3S\"}"))
				.build();
			assertThat(HttpClient.newHttpClient().send(other, BodyHandlers.discarding()).statusCode()).isEqualTo(201);
			await()
				.untilAsserted(() -> assertThat(output).containsOnlyOnce("This instance registers as 127.0.0.1, which "
						+ "only this machine can reach, but other/a runs elsewhere, at 198.51.100.7:8080"));
			assertThat(app.isRunning()).isTrue();
		}
	}

	@Test
	void groupThatDoesNotExistFailsTheStart() {
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> start("mistaken", "--mesh.registration.health-group=serving").close())
			.havingRootCause()
			.withMessageContaining("mesh.registration.health-group")
			.withMessageContaining("There is no such health group; there are [liveness, readiness]");
	}

	private static void refresh(ConfigurableApplicationContext app, Map<String, Object> properties) {
		app.getEnvironment().getPropertySources().addFirst(new MapPropertySource("refreshed", properties));
		app.publishEvent(new EnvironmentChangeEvent(app, Set.copyOf(properties.keySet())));
	}

	private static JsonNode registered(String service) {
		return await().until(() -> registry.instances(service), (instances) -> instances.size() == 1).get(0);
	}

	private static ConfigurableApplicationContext start(String service, String... more) {
		List<String> common = List.of("--spring.application.name=" + service, "--server.port=0",
				"--mesh.registry.url=" + registry.url(), "--spring.config.name=none",
				"--mesh.discovery.snapshot-directory=" + directory, "--mesh.registration.drain=0s");
		return new SpringApplicationBuilder(Whole.class).web(WebApplicationType.SERVLET)
			.run(Stream.concat(common.stream(), Stream.of(more)).toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Whole {

		@Bean
		Database database() {
			return new Database();
		}

	}

	static class Database implements HealthIndicator {

		final AtomicReference<Status> status = new AtomicReference<>(Status.UP);

		@Override
		public Health health() {
			return Health.status(this.status.get()).build();
		}

	}

}
