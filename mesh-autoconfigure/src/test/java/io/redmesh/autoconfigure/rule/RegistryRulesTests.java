package io.redmesh.autoconfigure.rule;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import io.redmesh.autoconfigure.RegistryServer;
import io.redmesh.autoconfigure.call.HttpTestServer;
import io.redmesh.autoconfigure.call.MeshClient;
import io.redmesh.core.traffic.RuleBook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of an app that obeys the documents of the guide, which the real registry sends.
 */
@Timeout(90)
class RegistryRulesTests {

	private static final Path GUIDE = Path.of("..", "docs", "guides", "traffic-rules.md");

	private static final Pattern DOCUMENT = Pattern.compile("(?s)```yaml\n(.*?)```");

	@TempDir
	Path directory;

	private final HttpClient http = HttpClient.newHttpClient();

	@Test
	void appObeysTheGuideAndReportsItsRevision() throws Exception {
		List<String> documents = DOCUMENT.matcher(Files.readString(GUIDE))
			.results()
			.map((match) -> match.group(1))
			.toList();
		try (RegistryServer registry = new RegistryServer();
				HttpTestServer v1 = HttpTestServer.start("v1");
				HttpTestServer v2 = HttpTestServer.start("v2")) {
			register(registry, v1, "v1");
			register(registry, v2, "v2");
			put(registry, "DestinationRule", documents.get(0));
			put(registry, "VirtualService", documents.get(1));
			try (ConfigurableApplicationContext app = start(registry)) {
				assertThat(app.getBean(RuleBook.class).rules()).hasSize(2);
				String user = call(app, "x-user", "ann");
				for (int call = 0; call < 20; call++) {
					assertThat(call(app, "x-user", "ann")).isEqualTo(user);
				}
				put(registry, "VirtualService", documents.get(2).replaceAll("(?s) {4}fault:.*?(?= {4}route:)", ""));
				await().until(() -> call(app, "x-tester", "yes").equals("v2"));
				assertThat(call(app, "x-tester", "no")).isEqualTo("v1");
				JsonNode status = awaitReport(registry, app.getBean(RuleBook.class).revision());
				assertThat(status.path("behind")).isEmpty();
				HttpResponse<String> rollback = send(registry, "POST", "/VirtualService/orders/rollback", "");
				assertThat(rollback.statusCode()).isEqualTo(200);
				await().until(() -> call(app, "x-user", "ann").equals(user));
				assertThat(send(registry, "DELETE", "/VirtualService/orders", "").statusCode()).isEqualTo(204);
				await().until(() -> app.getBean(RuleBook.class).rules().size() == 1);
			}
		}
	}

	private JsonNode awaitReport(RegistryServer registry, String revision) {
		return await().atMost(java.time.Duration.ofSeconds(20))
			.until(() -> JsonMapper.shared().readTree(send(registry, "GET", ":status", "").body()),
					(status) -> status.path("running").path(revision).asInt(0) == 1);
	}

	private void register(RegistryServer registry, HttpTestServer server, String version) throws Exception {
		String body = "{\"host\":\"127.0.0.1\",\"port\":%d,\"labels\":{\"version\":\"%s\"},\"ttl\":\"PT60S\",\"status\":\"UP\"}"
			.formatted(server.port(), version);
		HttpRequest request = HttpRequest
			.newBuilder(URI.create(registry.url() + "/v1/namespaces/default/services/orders/instances/" + version))
			.header("Content-Type", "application/json")
			.PUT(BodyPublishers.ofString(body))
			.build();
		assertThat(this.http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
	}

	private void put(RegistryServer registry, String kind, String yaml) throws Exception {
		HttpResponse<String> response = send(registry, "PUT", "/" + kind + "/orders", yaml);
		assertThat(response.statusCode()).as(response.body()).isIn(200, 201);
	}

	private HttpResponse<String> send(RegistryServer registry, String method, String path, String body)
			throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create(registry.url() + "/v1/namespaces/default/rules" + path))
			.header("Content-Type", "application/yaml")
			.method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
			.build();
		return this.http.send(request, BodyHandlers.ofString());
	}

	private static String call(ConfigurableApplicationContext app, String header, String value) {
		return app.getBean(Client.class).rest.get()
			.uri("http://orders/")
			.header(header, value)
			.retrieve()
			.body(String.class);
	}

	private ConfigurableApplicationContext start(RegistryServer registry) {
		return new SpringApplicationBuilder(App.class).web(WebApplicationType.SERVLET)
			.run("--spring.application.name=storefront", "--spring.config.name=none", "--server.port=0",
					"--mesh.registry.url=" + registry.url(), "--mesh.registration.drain=0s",
					"--mesh.registration.ttl=6s", "--mesh.discovery.snapshot-directory=" + this.directory);
	}

	record Client(RestClient rest) {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

		@Bean
		Client client(@MeshClient RestClient.Builder builder) {
			return new Client(builder.build());
		}

	}

}
