package io.redmesh.autoconfigure.discovery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpServer;
import io.redmesh.autoconfigure.TestRegistry;
import io.redmesh.autoconfigure.actuate.MeshEndpoint;
import io.redmesh.autoconfigure.call.HttpTestServer;
import io.redmesh.autoconfigure.call.MeshClient;
import io.redmesh.core.net.StablePorts;
import io.redmesh.core.registry.Catalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.client.discovery.simple.InstanceProperties;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class ServicesByHandTests {

	@TempDir
	Path directory;

	private final TestRegistry registry = new TestRegistry();

	private final HttpTestServer mock = HttpTestServer.start("mock");

	private final HttpTestServer registered = HttpTestServer.start("registered");

	@AfterEach
	void stop() {
		this.mock.close();
		this.registered.close();
		this.registry.close();
	}

	@Test
	void serviceByHandNeedsNoRegistry() {
		try (ConfigurableApplicationContext app = start(App.class, "--mesh.discovery.instances.orders=" + url(),
				"--mesh.discovery.instances.shop.carts=" + url())) {
			assertThat(call(app, "orders")).isEqualTo("mock");
			assertThat(call(app, "Orders")).isEqualTo("mock");
			assertThat(call(app, "shop.carts")).isEqualTo("mock");
			assertThat(shown(app, "orders")).containsExactly("http://127.0.0.1:" + this.mock.port());
		}
	}

	@Test
	void serviceByHandWinsOverTheRegistryAndStaysOutOfTheFile() throws IOException {
		this.registry.put("orders", "a", "127.0.0.1", this.registered.port());
		this.registry.put("customers", "a", "127.0.0.1", this.registered.port());
		try (ConfigurableApplicationContext app = start(App.class, "--mesh.discovery.instances.orders=" + url(),
				"--mesh.registry.url=" + this.registry.url(), "--mesh.discovery.enabled=true")) {
			await().until(() -> app.getBean(Catalog.class).service("customers") != null);
			assertThat(call(app, "orders")).isEqualTo("mock");
			assertThat(call(app, "customers")).isEqualTo("registered");
			this.registry.forget("orders/a");
			this.registry.forget("customers/a");
			await().until(() -> app.getBean(Catalog.class).service("customers").instances().isEmpty());
			assertThat(call(app, "orders")).isEqualTo("mock");
			MeshEndpoint.MeshDescriptor mesh = app.getBean(MeshEndpoint.class).mesh();
			assertThat(mesh.catalog().services().get("orders").source()).isEqualTo("configuration");
			assertThat(mesh.catalog().services().get("customers").source()).isEqualTo("registry");
			assertThat(app.getBean(MeshEndpoint.class).service("orders", null, null, null, null))
				.isInstanceOfSatisfying(MeshEndpoint.ServiceDescriptor.class, (service) -> {
					assertThat(service.source()).isEqualTo("configuration");
					assertThat(service.instances()).hasSize(1);
				});
		}
		try (Stream<Path> files = Files.list(this.directory)) {
			List<Path> written = files.toList();
			assertThat(written).hasSize(1);
			assertThat(Files.readString(written.get(0))).contains("customers").doesNotContain("orders");
		}
	}

	@Test
	void instanceByHandIsNeverEjectedIntoNothing() throws IOException {
		int port = StablePorts.free();
		try (ConfigurableApplicationContext app = start(App.class,
				"--mesh.discovery.instances.orders=http://localhost:" + port)) {
			for (int i = 0; i < 20; i++) {
				assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> call(app, "orders"));
			}
			HttpServer back = HttpServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), port), 0);
			back.createContext("/", (exchange) -> {
				byte[] body = "back".getBytes(StandardCharsets.UTF_8);
				exchange.sendResponseHeaders(200, body.length);
				exchange.getResponseBody().write(body);
				exchange.close();
			});
			back.start();
			assertThat(call(app, "orders")).isEqualTo("back");
			back.stop(0);
		}
	}

	@Test
	void instancesOfSpringCloudsSimpleClientAreServicesByHand() {
		try (ConfigurableApplicationContext app = start(App.class,
				"--spring.cloud.discovery.client.simple.instances.orders[0].uri=" + url(),
				"--spring.cloud.discovery.client.simple.instances.customers[0].uri=http://127.0.0.1:1",
				"--spring.cloud.discovery.client.simple.instances.search[0].uri=https://search.example.com/path",
				"--spring.cloud.discovery.client.simple.instances.no_name[0].uri=" + url(),
				"--mesh.discovery.instances.customers=" + url())) {
			assertThat(call(app, "orders")).isEqualTo("mock");
			assertThat(call(app, "customers")).isEqualTo("mock");
			assertThat(shown(app, "search")).containsExactly("https://search.example.com:443");
		}
	}

	@Test
	void simpleInstancesOfAnAppThatIsOnlyReactiveAreServicesByHand() {
		try (ConfigurableApplicationContext app = start(App.class, "--spring.cloud.discovery.blocking.enabled=false",
				"--spring.cloud.discovery.client.simple.instances.orders[0].uri=" + url())) {
			assertThat(call(app, "orders")).isEqualTo("mock");
			assertThat(app.getBean(ReactiveDiscoveryClient.class).getServices().collectList().block())
				.contains("orders");
		}
	}

	@Test
	void simpleInstancesMayBeABean() {
		SimplePort.value = this.mock.port();
		try (ConfigurableApplicationContext app = start(SimpleApp.class)) {
			assertThat(call(app, "orders")).isEqualTo("mock");
		}
	}

	private String url() {
		return "http://127.0.0.1:" + this.mock.port();
	}

	private ConfigurableApplicationContext start(Class<?> type, String... arguments) {
		List<String> all = Stream.concat(Stream.of("--spring.application.name=shop", "--spring.config.name=none",
				"--mesh.registration.enabled=false", "--mesh.discovery.snapshot-directory=" + this.directory,
				"--management.endpoints.web.exposure.include=*",
				"--spring.http.clients.imperative.factory=http-components"), Stream.of(arguments))
			.toList();
		SpringApplicationBuilder builder = new SpringApplicationBuilder(type).web(WebApplicationType.NONE);
		// Properties are weaker than the arguments.
		return builder.properties(Map.of("mesh.discovery.enabled", "false")).run(all.toArray(new String[0]));
	}

	private static String call(ConfigurableApplicationContext app, String service) {
		return app.getBean(Client.class).rest.get().uri("http://" + service + "/").retrieve().body(String.class);
	}

	private static List<String> shown(ConfigurableApplicationContext app, String service) {
		return app.getBean(DiscoveryClient.class)
			.getInstances(service)
			.stream()
			.map(ServiceInstance::getUri)
			.map(String::valueOf)
			.toList();
	}

	record Client(RestClient rest) {

	}

	static final class SimplePort {

		private static int value;

		private SimplePort() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		@Bean
		Client client(@MeshClient RestClient.Builder builder) {
			return new Client(builder.build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SimpleApp extends App {

		@Bean
		SimpleDiscoveryProperties own() {
			InstanceProperties instance = new InstanceProperties();
			instance.setHost("127.0.0.1");
			instance.setPort(SimplePort.value);
			SimpleDiscoveryProperties properties = new SimpleDiscoveryProperties();
			properties.setInstances(Map.of("orders", List.of(instance)));
			return properties;
		}

	}

}
