package io.redmesh.autoconfigure.registration;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

import io.redmesh.autoconfigure.RegistryServer;
import io.redmesh.autoconfigure.discovery.DiscoveryAutoConfiguration;
import io.redmesh.autoconfigure.registry.RegistryAutoConfiguration;
import io.redmesh.core.registry.Catalog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Tests of apps with several contexts, against the real registry server. */
class ContextHierarchyTests {

	@TempDir
	static Path directory;

	private static final RegistryServer registry = new RegistryServer();

	private final Deque<ConfigurableApplicationContext> open = new ArrayDeque<>();

	@AfterEach
	void close() {
		while (!this.open.isEmpty()) {
			this.open.pop().close();
		}
	}

	@AfterAll
	static void closeRegistry() {
		registry.close();
	}

	@Test
	void childOfAnAutoConfiguredParentIsTheInstanceAndTheParentIsNone() {
		SpringApplicationBuilder parent = parent(Bare.class, "family");
		var child = run(child(parent, BareWeb.class), "--server.port=0");
		awaitPorts("family", port(child));
		assertThat(child.getBean(Catalog.class)).isSameAs(parent.context().getBean(Catalog.class));
		assertThat(child.getBean(RegistrationJournal.class).state().registered()).isNotNull();
		assertThat(parent.context().getBean(RegistrationJournal.class).state().registered()).isNull();
	}

	@Test
	void siblingsAreOneInstanceEachAndLeaveOneByOne() {
		SpringApplicationBuilder parent = parent(Bare.class, "siblings");
		var first = run(child(parent, BareWeb.class), "--server.port=0");
		var second = run(child(parent, BareWeb.class), "--server.port=0");
		awaitPorts("siblings", port(first), port(second));
		assertThat(registry.instances("siblings")).extracting((instance) -> instance.path("id").asString())
			.containsExactlyInAnyOrder("127.0.0.1:" + port(first), "127.0.0.1:" + port(second));
		first.close();
		awaitPorts("siblings", port(second));
		parent.context().close();
		await().until(() -> registry.instances("siblings").isEmpty());
	}

	@Test
	void siblingsMayBeServicesOfTheirOwn() {
		SpringApplicationBuilder parent = parent(Bare.class, "mother");
		var first = run(child(parent, BareWeb.class), "--server.port=0", "--spring.application.name=daughter");
		var second = run(child(parent, BareWeb.class), "--server.port=0", "--spring.application.name=son");
		awaitPorts("daughter", port(first));
		awaitPorts("son", port(second));
		awaitPorts("mother");
	}

	@Test
	void parentThatServesStaysBesideItsChild() {
		SpringApplicationBuilder parent = parent(BareWeb.class, "both").web(WebApplicationType.SERVLET);
		// The port of a child is set in the environment of its parent, too.
		int port = port(parent.context());
		var child = run(child(parent, BareWeb.class), "--server.port=0");
		awaitPorts("both", port, port(child));
	}

	@Test
	void childWithoutAServerIsNoInstanceOfItsOwn() {
		SpringApplicationBuilder parent = parent(BareWeb.class, "single").web(WebApplicationType.SERVLET);
		var child = run(child(parent, Bare.class).web(WebApplicationType.NONE));
		awaitPorts("single", port(parent.context()));
		assertThat(child.getBean(RegistrationJournal.class).state().registered()).isNull();
	}

	@Test
	void childIsRegisteredOnceItIsReadyItself() {
		SpringApplicationBuilder parent = parent(Bare.class, "patient");
		// The parent deregisters on one thread, on which a child that is too early would
		// also register.
		ApplicationRunner runner = (arguments) -> await().until(() -> registry.instances("patient").isEmpty());
		var child = run(child(parent, BareWeb.class).initializers(
				(context) -> context.getBeanFactory().registerSingleton("runner", runner)), "--server.port=0");
		awaitPorts("patient", port(child));
	}

	@Test
	void allAreBackAfterTheRegistryHasForgottenThem() {
		RegistryServer first = new RegistryServer();
		SpringApplicationBuilder parent = parent(Bare.class, "restarted", "--mesh.registry.url=" + first.url());
		var one = run(child(parent, BareWeb.class), "--server.port=0", "--mesh.registry.url=" + first.url());
		var two = run(child(parent, BareWeb.class), "--server.port=0", "--mesh.registry.url=" + first.url());
		await().until(() -> first.instances("restarted").size() == 2);
		first.close();
		try (RegistryServer second = new RegistryServer(first.port())) {
			await().until(() -> ports(second, "restarted").equals(Stream.of(port(one), port(two)).sorted().toList()));
			parent.context().close();
		}
	}

	@Test
	void managementContextOfAChildIsNoInstanceAndBelongsToTheChild() {
		SpringApplicationBuilder parent = parent(Whole.class, "managed");
		var child = run(child(parent, Whole.class), "--server.port=0", "--management.server.port=0");
		awaitPorts("managed", port(child));
		JsonNode instance = registry.instances("managed").get(0);
		assertThat(instance.at("/metadata/management.port").asString())
			.isEqualTo(child.getEnvironment().getProperty("local.management.port"));
	}

	private static void awaitPorts(String service, Integer... ports) {
		List<Integer> expected = Stream.of(ports).sorted().toList();
		await().untilAsserted(() -> assertThat(ports(registry, service)).isEqualTo(expected));
	}

	private static List<Integer> ports(RegistryServer registry, String service) {
		return registry.instances(service).stream().map((instance) -> instance.path("port").asInt()).sorted().toList();
	}

	private static int port(ConfigurableApplicationContext context) {
		return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	private SpringApplicationBuilder parent(Class<?> configuration, String service, String... more) {
		WebApplicationType type = (configuration == BareWeb.class) ? WebApplicationType.SERVLET
				: WebApplicationType.NONE;
		SpringApplicationBuilder parent = new SpringApplicationBuilder(configuration).web(type)
			.properties("spring.application.name=" + service);
		run(parent, Stream.concat(Stream.of("--server.port=0"), Stream.of(more)).toArray(String[]::new));
		return parent;
	}

	private static SpringApplicationBuilder child(SpringApplicationBuilder parent, Class<?> configuration) {
		return new SpringApplicationBuilder(configuration).parent(parent.context()).web(WebApplicationType.SERVLET);
	}

	private ConfigurableApplicationContext run(SpringApplicationBuilder builder, String... arguments) {
		List<String> common = List.of("--mesh.registry.url=" + registry.url(), "--spring.config.name=none",
				"--mesh.discovery.snapshot-directory=" + directory, "--mesh.registration.drain=0s");
		List<String> given = List.of(arguments);
		Stream<String> usual = common.stream()
			.filter((argument) -> given.stream().noneMatch((more) -> more.startsWith(argument.split("=")[0])));
		var context = builder.run(Stream.concat(given.stream(), usual).toArray(String[]::new));
		this.open.push(context);
		return context;
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ApplicationAvailabilityAutoConfiguration.class, RegistryAutoConfiguration.class,
			DiscoveryAutoConfiguration.class, RegistrationAutoConfiguration.class })
	static class Bare {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ApplicationAvailabilityAutoConfiguration.class,
			TomcatServletWebServerAutoConfiguration.class, RegistryAutoConfiguration.class,
			DiscoveryAutoConfiguration.class, RegistrationAutoConfiguration.class })
	static class BareWeb {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Whole {

	}

}
