package io.redmesh.autoconfigure.rule;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import io.redmesh.autoconfigure.TestRegistry;
import io.redmesh.autoconfigure.call.HttpTestServer;
import io.redmesh.autoconfigure.call.MeshClient;
import io.redmesh.core.net.StablePorts;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.traffic.RuleBook;
import io.redmesh.core.traffic.TestRules;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Tests of an app that follows the rules of a registry, over real sockets. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class RuleWatchTests {

	private static final String SUBSETS = TestRules.ordersPolicyYaml("""
			subsets:
			- name: v1
			  labels: {version: "1"}
			- name: v2
			  labels: {version: "2"}
			""");

	private static final String JASON_TO_V2 = SUBSETS + "\n---\n" + TestRules.ordersYaml("""
			- match: [{headers: {x-user: {exact: jason}}}]
			  route: [{destination: {host: orders, subset: v2}}]
			- route: [{destination: {host: orders, subset: v1}}]
			""");

	private static final String ALL_TO_V2 = SUBSETS + "\n---\n"
			+ TestRules.ordersYaml("- route: [{destination: {host: orders, subset: v2}}]");

	private static final String OF_A_LATER_VERSION = ALL_TO_V2.replace("- route:", "- teleport: {}\n    route:");

	@TempDir
	Path directory;

	private final int port = StablePorts.free();

	private final HttpTestServer v1 = HttpTestServer.start("v1");

	private final HttpTestServer v2 = HttpTestServer.start("v2");

	private TestRegistry registry = new TestRegistry(this.port);

	@BeforeEach
	void register() {
		this.registry.put("orders", "a", "127.0.0.1", this.v1.port(), Map.of("version", "1"));
		this.registry.put("orders", "b", "127.0.0.1", this.v2.port(), Map.of("version", "2"));
	}

	@AfterEach
	void stop() {
		this.v1.close();
		this.v2.close();
		this.registry.close();
	}

	@Test
	void firstCallObeysTheRulesAndTheNextOneTheirChange() {
		rules("7", JASON_TO_V2);
		try (ConfigurableApplicationContext app = start()) {
			assertThat(calls(app, "jason")).containsOnly("v2");
			assertThat(calls(app, "bob")).containsOnly("v1");
			rules("8", ALL_TO_V2);
			await().until(() -> inForce(app).equals("8"));
			assertThat(calls(app, "bob")).containsOnly("v2");
			rules("9", "");
			await().until(() -> inForce(app).equals("9"));
			assertThat(calls(app, "jason")).isSubsetOf("v1", "v2");
			await().until(() -> calls(app, "jason").contains("v1"));
		}
	}

	@Test
	void noCallFailsWhileRulesComeAndGo() {
		try (ConfigurableApplicationContext app = start()) {
			AtomicBoolean done = new AtomicBoolean();
			List<CompletableFuture<Integer>> callers = Stream.of("jason", "bob")
				.map((user) -> CompletableFuture.supplyAsync(() -> {
					int calls = 0;
					while (!done.get()) {
						calls += calls(app, user).size();
					}
					return calls;
				}))
				.toList();
			for (int revision = 1; revision <= 60; revision++) {
				rules(Integer.toString(revision), List.of("", JASON_TO_V2, ALL_TO_V2).get(revision % 3));
				String expected = Integer.toString(revision);
				await().until(() -> inForce(app).equals(expected));
			}
			done.set(true);
			assertThat(callers).allSatisfy((calls) -> assertThat(calls.join()).isPositive());
		}
	}

	@Test
	void rulesThatThisVersionCannotReadLeaveTheLastOnesInForce(CapturedOutput output) {
		rules("7", ALL_TO_V2);
		try (ConfigurableApplicationContext app = start()) {
			rules("8", OF_A_LATER_VERSION);
			RuleSources sources = app.getBean(RuleSources.class);
			await().until(() -> sources.state().problem() != null);
			assertThat(inForce(app)).isEqualTo("7");
			assertThat(calls(app, "bob")).containsOnly("v2");
			assertThat(sources.state().problem()).contains("revision 8", "VirtualService/orders",
					"spec.http[0].teleport");
			await().until(() -> this.registry.reports.contains("7"));
			this.registry.close();
			this.registry = again(OF_A_LATER_VERSION);
			await().until(() -> this.registry.requests.contains("GET watch"));
			this.registry.put("orders", "c", "127.0.0.1", this.v2.port(), Map.of("version", "2"));
			await().until(() -> app.getBean(Catalog.class).service("orders").instances().size() == 3);
			assertThat(inForce(app)).isEqualTo("7");
			assertThat(output).containsOnlyOnce("Refused the traffic rules of revision 8");
			rules("9", JASON_TO_V2);
			await().until(() -> inForce(app).equals("9"));
			assertThat(sources.state().problem()).isNull();
			assertThat(calls(app, "bob")).containsOnly("v1");
			await().until(() -> this.registry.reports.contains("9"));
		}
	}

	@Test
	void registryThatKnowsNoRulesServesAsBefore() throws IOException {
		rules("7", ALL_TO_V2);
		try (ConfigurableApplicationContext app = start()) {
			await().until(() -> this.registry.reports.contains("7"));
			this.registry.close();
			this.registry = new TestRegistry(this.port);
			this.registry.knowsNoRules();
			register();
			await().until(() -> this.registry.keys().stream().anyMatch((key) -> key.startsWith("storefront/")));
			await()
				.until(() -> this.registry.requests.stream().filter((each) -> each.endsWith("heartbeat")).count() > 3);
			assertThat(this.registry.reports).isEmpty();
			assertThat(calls(app, "bob")).containsOnly("v2");
		}
	}

	@Test
	void rulesOutliveARestartWhileTheRegistryIsAway() {
		rules("7", JASON_TO_V2);
		try (ConfigurableApplicationContext app = start()) {
			assertThat(calls(app, "jason")).containsOnly("v2");
		}
		this.registry.close();
		try (ConfigurableApplicationContext app = start()) {
			assertThat(app.getBean(RuleSources.class).state().source()).isEqualTo("earlier run");
			assertThat(inForce(app)).isEqualTo("7");
			assertThat(calls(app, "jason")).containsOnly("v2");
			assertThat(calls(app, "bob")).containsOnly("v1");
			this.registry = again(ALL_TO_V2);
			await().until(() -> inForce(app).equals("8"));
			assertThat(calls(app, "bob")).containsOnly("v2");
		}
	}

	@Test
	void ruleOfAFileTakesThePlaceOfTheRegistrysOfThatName() throws IOException {
		Path file = Files.writeString(this.directory.resolve("rules.yaml"),
				TestRules.ordersYaml("- route: [{destination: {host: orders, subset: v2}}]"));
		rules("7", JASON_TO_V2);
		try (ConfigurableApplicationContext app = start("--mesh.rules.locations=file:" + file)) {
			// The subset is a rule of the registry.
			assertThat(calls(app, "bob")).containsOnly("v2");
			rules("8", "");
			await().until(() -> inForce(app).equals("8"));
			assertThat(app.getBean(RuleBook.class).rules()).hasSize(1);
		}
	}

	@Test
	void rulesOfAFileNeedNoRegistry() throws IOException {
		Path file = Files.writeString(this.directory.resolve("rules.yaml"), TestRules.ordersYaml(
				"- match: [{uri: {prefix: /items}}]\n  directResponse: {status: 200, body: {string: of the file}}\n- route: [{destination: {host: orders}}]"));
		try (ConfigurableApplicationContext app = start("--mesh.rules.locations=file:" + file,
				"--mesh.discovery.enabled=false", "--mesh.registration.enabled=false",
				"--mesh.discovery.instances.orders=http://127.0.0.1:" + this.v1.port())) {
			assertThat(calls(app, "bob")).containsOnly("of the file");
		}
	}

	private TestRegistry again(String rules) {
		TestRegistry again = new TestRegistry(this.port);
		again.put("orders", "a", "127.0.0.1", this.v1.port(), Map.of("version", "1"));
		again.put("orders", "b", "127.0.0.1", this.v2.port(), Map.of("version", "2"));
		again.rules("8", TestRules.documents(rules));
		return again;
	}

	private void rules(String revision, String yaml) {
		this.registry.rules(revision, yaml.isEmpty() ? List.of() : TestRules.documents(yaml));
	}

	private static String inForce(ConfigurableApplicationContext app) {
		return app.getBean(RuleBook.class).revision();
	}

	/** Calls orders four times with each client. */
	private static List<String> calls(ConfigurableApplicationContext app, String user) {
		Clients clients = app.getBean(Clients.class);
		List<String> answers = new ArrayList<>();
		for (int call = 0; call < 4; call++) {
			answers.add(
					clients.rest.get().uri("http://orders/items").header("X-User", user).retrieve().body(String.class));
			answers.add(clients.web.get()
				.uri("http://orders/items")
				.header("X-User", user)
				.retrieve()
				.bodyToMono(String.class)
				.block());
		}
		return answers;
	}

	private ConfigurableApplicationContext start(String... more) {
		String[] settings = Stream.concat(Stream.of("--spring.application.name=storefront", "--spring.config.name=none",
				"--server.port=0", "--mesh.registry.url=http://127.0.0.1:" + this.port, "--mesh.registration.drain=0s",
				"--mesh.discovery.snapshot-directory=" + this.directory), Stream.of(more))
			.toArray(String[]::new);
		return new SpringApplicationBuilder(App.class).web(WebApplicationType.SERVLET).run(settings);
	}

	record Clients(RestClient rest, WebClient web) {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		@Bean
		Clients clients(@MeshClient RestClient.Builder rest, @MeshClient WebClient.Builder web) {
			return new Clients(rest.build(), web.build());
		}

	}

}
