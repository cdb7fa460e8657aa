package io.redmesh.autoconfigure.registration;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.redmesh.autoconfigure.RegistryServer;
import io.redmesh.autoconfigure.call.Ports;
import io.redmesh.autoconfigure.discovery.DiscoveryAutoConfiguration;
import io.redmesh.autoconfigure.registry.RegistryAutoConfiguration;
import io.redmesh.core.net.StablePorts;
import io.redmesh.core.registry.Catalog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Tests of whole apps against the real registry server. */
class MeshSessionTests {

	@TempDir
	static Path directory;

	private static final RegistryServer registry = new RegistryServer();

	private final HttpClient http = HttpClient.newHttpClient();

	private final Deque<AutoCloseable> open = new ArrayDeque<>();

	@AfterEach
	void close() throws Exception {
		while (!this.open.isEmpty()) {
			this.open.pop().close();
		}
	}

	@AfterAll
	static void closeRegistry() {
		registry.close();
	}

	@Test
	void readyAppIsRegisteredUnderItsActualPortAndSeesItself() {
		var app = web("actual", registry.url());
		int port = port(app);
		JsonNode instance = registered("actual");
		assertThat(instance.path("id").asString()).isEqualTo("127.0.0.1:" + port);
		assertThat(instance.path("port").asInt()).isEqualTo(port);
		assertThat(instance.path("secure").asBoolean()).isFalse();
		Catalog catalog = app.getBean(Catalog.class);
		await().until(() -> catalog.service("actual") != null && catalog.service("actual").instances().size() == 1);
	}

	@Test
	void appFindsOtherServicesInItsVeryFirstCall() {
		web("stock", registry.url());
		registered("stock");
		// Instances in a snapshot of an earlier run are not what is tested here.
		var app = web("first-call", registry.url(), "--mesh.discovery.snapshot-enabled=false");
		assertThat(app.getBean(Catalog.class).service("stock").instances()).hasSize(1);
	}

	@Test
	void appWithoutWebServerIsRegisteredWithoutPort() {
		start(BareApp.class, WebApplicationType.NONE, "worker", registry.url());
		JsonNode instance = registered("worker");
		assertThat(instance.path("id").asString()).matches("127\\.0\\.0\\.1-[0-9a-f]{8}");
		assertThat(instance.path("port").asInt()).isZero();
	}

	@Test
	void managementPortIsMetadata() {
		var app = start(WholeApp.class, WebApplicationType.SERVLET, "managed", registry.url(),
				"--management.server.port=0");
		assertThat(registered("managed").at("/metadata/management.port").asString())
			.isEqualTo(app.getEnvironment().getProperty("local.management.port"));
		assertThat(registry.instances("managed")).hasSize(1);
	}

	@Test
	void appThatRefusesTrafficIsDown() {
		var app = web("refusing", registry.url());
		registered("refusing");
		AvailabilityChangeEvent.publish(app, ReadinessState.REFUSING_TRAFFIC);
		await().until(() -> status("refusing").equals("DOWN"));
		AvailabilityChangeEvent.publish(app, ReadinessState.ACCEPTING_TRAFFIC);
		await().until(() -> status("refusing").equals("UP"));
	}

	@Test
	void stoppingAppServesUntilItsCallersHaveStoppedCalling() {
		var app = start(WholeApp.class, WebApplicationType.SERVLET, "leaving", registry.url(),
				"--mesh.registration.drain=1s");
		registered("leaving");
		String url = "http://127.0.0.1:" + port(app);
		var inFlight = this.http.sendAsync(request(url + "/slow"), BodyHandlers.ofString());
		Slow slow = app.getBean(Slow.class);
		await().until(() -> slow.entered.getCount() == 0);
		var stopped = closing(app);
		await().until(() -> status("leaving").equals("DRAINING"));
		assertThat(this.http.sendAsync(request(url + "/fast"), BodyHandlers.ofString()))
			.succeedsWithin(Duration.ofSeconds(5))
			.extracting(HttpResponse::statusCode)
			.isEqualTo(200);
		await().until(() -> registry.instances("leaving").isEmpty());
		assertThat(stopped).isNotDone();
		slow.release.countDown();
		assertThat(inFlight).succeedsWithin(Duration.ofSeconds(5)).extracting(HttpResponse::body).isEqualTo("slow");
		assertThat(stopped).succeedsWithin(Duration.ofSeconds(5));
	}

	@Test
	void newcomerTakesAnIdOverAndTheLoserStaysOut() {
		var loser = web("twins", registry.url(), "--mesh.instance.id=one", "--mesh.registration.ttl=3s");
		registered("twins");
		var winner = web("twins", registry.url(), "--mesh.instance.id=one", "--mesh.registration.ttl=3s");
		RegistrationJournal journal = loser.getBean(RegistrationJournal.class);
		await().until(() -> journal.count(RegistrationTransition.SUPERSEDED) == 1);
		assertThat(registered("twins").path("port").asInt()).isEqualTo(port(winner));
		loser.close();
		assertThat(registry.instances("twins")).hasSize(1);
	}

	@Test
	void deadServerOfTheRegistryIsSkipped() throws IOException {
		String dead = "http://127.0.0.1:" + Ports.closed();
		web("skipping", dead + "," + registry.url());
		registered("skipping");
	}

	@Test
	void whenRegistryIsAbsentAtStartAppRegistersWhenItComes() {
		int port = StablePorts.free();
		assertThat(web("early", "http://127.0.0.1:" + port).isRunning()).isTrue();
		RegistryServer late = open(new RegistryServer(port));
		await().atMost(Duration.ofSeconds(6)).until(() -> late.instances("early").size() == 1);
	}

	@Test
	void whenRegistryIsRestartedAllAreBackWithinSixSeconds() {
		RegistryServer first = open(new RegistryServer());
		List<ConfigurableApplicationContext> apps = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			apps.add(web("restarted", first.url()));
		}
		await().until(() -> first.instances("restarted").size() == 3);
		first.close();
		RegistryServer second = open(new RegistryServer(first.port()));
		await().atMost(Duration.ofSeconds(6)).until(() -> second.instances("restarted").size() == 3);
		for (ConfigurableApplicationContext app : apps) {
			assertThat(app.getBean(Catalog.class).service("restarted").instances()).hasSize(3);
		}
	}

	@Test
	void absentRegistryDoesNotHoldUpTheStop() {
		RegistryServer gone = open(new RegistryServer());
		var app = web("abandoned", gone.url());
		await().until(() -> gone.instances("abandoned").size() == 1);
		gone.close();
		assertThat(closing(app)).succeedsWithin(Duration.ofSeconds(4));
	}

	@Test
	void appThatStartsWithoutTheRegistryRemembersInstances() {
		RegistryServer first = open(new RegistryServer());
		var app = web("remembering", first.url());
		await().until(() -> first.instances("remembering").size() == 1);
		Catalog seen = app.getBean(Catalog.class);
		await().until(() -> seen.service("remembering") != null);
		first.close();
		app.close();
		var next = web("remembering", first.url());
		assertThat(next.getBean(Catalog.class).service("remembering").instances()).hasSize(1);
	}

	private JsonNode registered(String service) {
		return await().until(() -> registry.instances(service), (instances) -> instances.size() == 1).get(0);
	}

	private String status(String service) {
		return registered(service).path("status").asString();
	}

	/**
	 * Closes an app on a new thread. The common pool may have only one thread, which
	 * tests need, too.
	 */
	private static CompletableFuture<Void> closing(ConfigurableApplicationContext app) {
		return CompletableFuture.runAsync(app::close, (task) -> new Thread(task, "closing").start());
	}

	private static int port(ConfigurableApplicationContext app) {
		return app.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	private static HttpRequest request(String url) {
		return HttpRequest.newBuilder(URI.create(url)).build();
	}

	private <T extends AutoCloseable> T open(T closeable) {
		this.open.push(closeable);
		return closeable;
	}

	/**
	 * Starts an app with a web server and the mesh, without anything else that would slow
	 * down its start.
	 */
	private ConfigurableApplicationContext web(String service, String url, String... more) {
		return start(BareApp.class, WebApplicationType.SERVLET, service, url, more);
	}

	private ConfigurableApplicationContext start(Class<?> app, WebApplicationType type, String service, String url,
			String... more) {
		List<String> arguments = new ArrayList<>(
				List.of("--spring.application.name=" + service, "--server.port=0", "--mesh.registry.url=" + url,
						// The registry's own configuration is on the same class path.
						"--spring.config.name=none", "--mesh.discovery.snapshot-directory=" + directory));
		arguments.addAll(Arrays.asList(more));
		if (Arrays.stream(more).noneMatch((argument) -> argument.startsWith("--mesh.registration.drain"))) {
			arguments.add("--mesh.registration.drain=0s");
		}
		return open(new SpringApplicationBuilder(app).web(type).run(arguments.toArray(String[]::new)));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Slow.class)
	static class WholeApp {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ApplicationAvailabilityAutoConfiguration.class,
			TomcatServletWebServerAutoConfiguration.class, RegistryAutoConfiguration.class,
			DiscoveryAutoConfiguration.class, RegistrationAutoConfiguration.class })
	static class BareApp {

	}

	@RestController
	static class Slow {

		final CountDownLatch entered = new CountDownLatch(1);

		final CountDownLatch release = new CountDownLatch(1);

		@GetMapping("/slow")
		String slow() throws InterruptedException {
			this.entered.countDown();
			return this.release.await(20, TimeUnit.SECONDS) ? "slow" : "never released";
		}

		@GetMapping("/fast")
		String fast() {
			return "fast";
		}

	}

}
