package io.redmesh.registry.registration;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.redmesh.registry.TestServer;
import io.redmesh.registry.TestServer.Answer;
import io.redmesh.registry.rest.Operations;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class OpenApiTests {

	private static TestServer server;

	private static Map<String, Object> document;

	@BeforeAll
	static void start() {
		server = TestServer.start();
		Answer answer = server.get("/openapi");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("Content-Type")).isEqualTo("application/yaml");
		document = new Yaml().load(answer.response().body());
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void itDescribesTheEndpointsThatThereAre() {
		Set<String> described = new TreeSet<>();
		at(document, "paths").forEach((path, methods) -> {
			for (String method : asMap(methods).keySet()) {
				if (!method.equals("parameters")) {
					described.add(method.toUpperCase(Locale.ROOT) + " " + path);
				}
			}
		});
		Set<String> there = new TreeSet<>();
		server.beans(Operations.class).forEach((endpoints) -> there.addAll(endpoints.lines()));
		assertThat(described).isEqualTo(there);
	}

	@ParameterizedTest
	@MethodSource("bodies")
	void itPermitsTheFieldsThatAreRead(String schema, List<String> fields) {
		Map<String, Object> described = at(document, "components", "schemas", schema);
		assertThat(at(described, "properties").keySet()).containsExactlyInAnyOrderElementsOf(fields);
		assertThat(described.get("additionalProperties")).isEqualTo(false);
	}

	static List<Arguments> bodies() {
		return List.of(arguments("Registration", Bodies.REGISTRATION), arguments("Locality", Bodies.LOCALITY),
				arguments("OwnStatus", Bodies.STATUS), arguments("Heartbeat", Bodies.HEARTBEAT),
				arguments("Override", Bodies.OVERRIDE), arguments("Heartbeats", Bodies.HEARTBEATS),
				arguments("LeaseKey", Bodies.LEASE));
	}

	private static Map<String, Object> at(Map<String, Object> map, String... path) {
		Map<String, Object> place = map;
		for (String step : path) {
			place = asMap(place.get(step));
		}
		return place;
	}

	@SuppressWarnings("unchecked") // YAML maps have names for keys
	private static Map<String, Object> asMap(Object value) {
		return (Map<String, Object>) value;
	}

}
