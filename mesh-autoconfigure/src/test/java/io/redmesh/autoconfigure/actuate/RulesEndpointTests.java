package io.redmesh.autoconfigure.actuate;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.redmesh.autoconfigure.TestRegistry;
import io.redmesh.core.traffic.TestRules;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
import static org.awaitility.Awaitility.await;

class RulesEndpointTests {

	private static final String SHOP = """
			apiVersion: networking.istio.io/v1
			kind: DestinationRule
			metadata: {name: shop}
			spec:
			  host: shop
			  subsets: [{name: v2, labels: {version: "2"}}]
			---
			apiVersion: networking.istio.io/v1
			kind: VirtualService
			metadata: {name: shop}
			spec:
			  hosts: [shop]
			  http:
			  - name: canary
			    match: [{method: {exact: POST}, headers: {x-user: {exact: jason}}}]
			    route:
			    - {destination: {host: shop, subset: v2}, weight: 90}
			    - {destination: {host: nowhere}, weight: 0}
			    timeout: 2s
			  - match: [{uri: {prefix: /teapot}}]
			    directResponse: {status: 418}
			""";

	@TempDir
	Path directory;

	private final TestRegistry registry = new TestRegistry();

	private final HttpClient http = HttpClient.newHttpClient();

	private ConfigurableApplicationContext app;

	@BeforeEach
	void start() {
		this.app = new SpringApplicationBuilder(App.class).web(WebApplicationType.SERVLET)
			.run("--spring.application.name=storefront", "--server.port=0",
					"--mesh.registry.url=" + this.registry.url(), "--mesh.registration.drain=0s",
					"--mesh.discovery.snapshot-directory=" + this.directory, "--spring.config.name=none",
					"--management.endpoints.web.exposure.include=mesh");
	}

	@AfterEach
	void stop() {
		this.app.close();
		this.registry.close();
	}

	@Test
	void endpointShowsTheRulesAndExplainsTheRouteOfARequest() throws Exception {
		assertThat(get("/mesh").at("/rules/source").asString()).isEqualTo("none");
		this.registry.put("shop", "v2", "127.0.0.1", 1, Map.of("version", "2"));
		this.registry.rules("7", TestRules.documents(SHOP));
		await().until(() -> get("/mesh").at("/rules/revision").asString("").equals("7"));
		JsonNode rules = get("/mesh").path("rules");
		assertThat(rules.path("source").asString()).isEqualTo("registry");
		assertThat(rules.path("rules")).extracting(JsonNode::asString)
			.containsExactlyInAnyOrder("VirtualService/shop", "DestinationRule/shop");
		JsonNode canary = rules.at("/hosts/shop/0");
		assertThat(canary.path("rule").asString()).isEqualTo("VirtualService/shop");
		assertThat(canary.path("name").asString()).isEqualTo("canary");
		assertThat(canary.path("match")).hasSize(2);
		assertThat(canary.at("/destinations/0")).isEqualTo(JsonMapper.shared()
			.readTree("{\"service\":\"shop\",\"subset\":\"v2\",\"labels\":{\"version\":\"2\"},\"weight\":90}"));
		JsonNode explained = get(
				"/mesh/explain?uri=http://shop/items&method=post&headers=accept:%20*/*%0AX-User:%20jason");
		assertThat(explained.path("subset").asString()).isEqualTo("v2");
		assertThat(explained.path("pick").asString()).isEqualTo("v2");
		assertThat(explained.path("route")).isEqualTo(canary);
		assertThat(explained.path("verdict").asString()).contains("VirtualService/shop spec.http[0]", "shop/v2");
		assertThat(get("/mesh/explain?uri=http://shop/teapot").at("/route/action").asString())
			.isEqualTo("respond with status 418");
		assertThat(get("/mesh/explain?uri=http://shop/items").has("route")).isFalse();
		this.registry.rules("8", TestRules.documents("kind: Teleport"));
		await().until(() -> get("/mesh").at("/rules").has("problem"));
		assertThat(get("/mesh").at("/rules/revision").asString()).isEqualTo("7");
		this.registry.rules("9", List.of());
		await().until(() -> get("/mesh").at("/rules/hosts").isEmpty());
	}

	private JsonNode get(String path) throws Exception {
		URI uri = URI.create(
				"http://127.0.0.1:" + this.app.getEnvironment().getProperty("local.server.port") + "/actuator" + path);
		return JsonMapper.shared()
			.readTree(this.http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

	}

}
