package io.redmesh.autoconfigure.upload;

import java.net.URI;
import java.util.List;
import java.util.Map;

import io.redmesh.autoconfigure.call.MeshClient;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

/** An app that sends a file to a service with each API, and prints the responses. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class UploadingApp {

	private static final URI ORDERS = URI.create("http://orders/files");

	public static void main(String[] arguments) {
		Map<String, Object> properties = Map.of("spring.http.clients.imperative.factory", arguments[0],
				"spring.http.clients.reactive.connector", arguments[0], "mesh.discovery.enabled", "false",
				"mesh.registration.enabled", "false", "spring.application.name", "uploads", "mesh.call.timeout", "0s",
				"mesh.call.attempt-timeout", "0s", "spring.docker.compose.enabled", "false",
				"management.endpoint.health.validate-group-membership", "false");
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(UploadingApp.class)
			.web(WebApplicationType.NONE)
			.properties(properties)
			.run()) {
			Instance instance = Instance.of("orders", "a", "127.0.0.1", Integer.parseInt(arguments[2]));
			context.getBean(Catalog.class)
				.snapshot(new Cursor("lineage", 1, 1), true, Map.of("orders", List.of(instance)));
			for (String client : List.of("rest-client", "rest-template", "web-client")) {
				ResponseEntity<String> answer = context.getBean(Uploads.class)
					.send(client, new FileSystemResource(arguments[1]));
				System.out.println(client + ": " + answer.getStatusCode().value() + " " + answer.getBody());
			}
		}
		// Threads of some HTTP clients live on for a while.
		System.exit(0);
	}

	@Bean
	Uploads uploads(@MeshClient RestClient.Builder client, @MeshClient RestTemplateBuilder template,
			@MeshClient WebClient.Builder reactive) {
		return (kind, file) -> switch (kind) {
			case "rest-client" -> client.build().put().uri(ORDERS).body(file).retrieve().toEntity(String.class);
			case "rest-template" ->
				template.build().exchange(ORDERS, HttpMethod.PUT, new HttpEntity<>(file), String.class);
			default -> reactive.build().put().uri(ORDERS).bodyValue(file).retrieve().toEntity(String.class).block();
		};
	}

	interface Uploads {

		ResponseEntity<String> send(String kind, Resource file);

	}

}
