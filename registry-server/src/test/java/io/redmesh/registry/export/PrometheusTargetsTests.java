package io.redmesh.registry.export;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.TestServer;
import io.redmesh.registry.TestServer.Answer;
import io.redmesh.registry.json.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the targets that Prometheus gets, instance by instance. */
class PrometheusTargetsTests {

	private static ManualTime time;

	private static TestServer server;

	@BeforeAll
	static void start() {
		time = new ManualTime();
		server = TestServer.with().time(time).start();
		time.forward(Duration.ofSeconds(20));
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			{}                                                    | 10.0.0.7:8080      | http
			{"management.port":"9090"}                            | 10.0.0.7:9090      | http
			{"management.port":"1"}                               | 10.0.0.7:1         | http
			{"management.port":"65535"}                           | 10.0.0.7:65535     | http
			{"management.port":"0"}                               | 10.0.0.7:8080      | http
			{"management.port":"65536"}                           | 10.0.0.7:8080      | http
			{"management.port":"-1"}                              | 10.0.0.7:8080      | http
			{"management.port":""}                                | 10.0.0.7:8080      | http
			{"management.port":" 9090"}                           | 10.0.0.7:8080      | http
			{"management.address":"probe.example"}                | probe.example:8080 | http
			{"management.address":"fe80::1"}                      | [fe80::1]:8080     | http
			{"management.address":"0.0.0.0"}                      | 10.0.0.7:8080      | http
			{"management.address":""}                             | 10.0.0.7:8080      | http
			{"management.address":"a:1"}                          | 10.0.0.7:8080      | http
			{"management.scheme":"https"}                         | 10.0.0.7:8080      | https
			{"management.scheme":"HTTPS"}                         | 10.0.0.7:8080      | http
			{"management.scheme":""}                              | 10.0.0.7:8080      | http
			{"management.scheme":"https","management.port":"8443"} | 10.0.0.7:8443     | https
			{"prometheus.path":""}                                |                    |
			{"prometheus.path":"metrics"}                         |                    |
			{"prometheus.path":"http://x/metrics"}                |                    |
			{"prometheus.path":"/"}                               | 10.0.0.7:8080      | http
			""")
	void metadataDecideWhereAnInstanceIsScraped(String metadata, String target, String scheme) {
		Map<String, String> all = new TreeMap<>(Map.of("prometheus.path", "/metrics"));
		Json.mapper()
			.readTree(metadata)
			.properties()
			.forEach((entry) -> all.put(entry.getKey(), entry.getValue().stringValue()));
		put("where", "a", ",\"metadata\":" + Json.mapper().writeValueAsString(all));
		JsonNode found = target("where", "a");
		if (target == null) {
			assertThat(found).isNull();
		}
		else {
			assertThat(found.path("targets").values()).extracting(JsonNode::stringValue).containsExactly(target);
			assertThat(found.at("/labels/__scheme__").stringValue()).isEqualTo(scheme);
			assertThat(found.at("/labels/__metrics_path__").stringValue()).isEqualTo(all.get("prometheus.path"));
		}
	}

	@ParameterizedTest
	@CsvSource({ "0, , ", "0, 9090, 10.0.0.7:9090" })
	void instanceWithoutAPortIsScrapedOnlyAtItsManagementPort(int port, String management, String target) {
		String metadata = (management != null) ? ",\"management.port\":\"" + management + "\"" : "";
		server.put(path("portless", "a"), "{\"host\":\"10.0.0.7\",\"port\":" + port
				+ ",\"metadata\":{\"prometheus.path\":\"/metrics\"" + metadata + "}}");
		JsonNode found = target("portless", "a");
		assertThat((found != null) ? found.at("/targets/0").stringValue() : null).isEqualTo(target);
	}

	@ParameterizedTest
	@CsvSource({ "UP", "STARTING", "DRAINING", "DOWN", "OUT_OF_SERVICE" })
	void instancesOfEveryStatusAreListedWithIt(String status) {
		boolean overridden = status.equals("OUT_OF_SERVICE");
		put("statuses", "a",
				",\"metadata\":{\"prometheus.path\":\"/metrics\"},\"status\":\"" + (overridden ? "UP" : status) + "\"");
		if (overridden) {
			server.put(path("statuses", "a") + "/override", "{\"status\":\"OUT_OF_SERVICE\"}");
		}
		assertThat(target("statuses", "a").at("/labels/__meta_redmesh_status").stringValue()).isEqualTo(status);
		server.delete(path("statuses", "a") + "/override");
	}

	@Test
	void namesAndValuesAreEscapedForPrometheusAndJson() {
		put("escaped", "10.0.0.7:8080", """
				,"labels":{"app.kubernetes.io/name":"a\\"b\\\\c","UP-per_1":"\\u20ac\\n\\u0000"},
				"metadata":{"prometheus.path":"/m?a=b&c=\\"d\\"","9":""}""");
		JsonNode labels = target("escaped", "10.0.0.7:8080").path("labels");
		assertThat(labels.path("__meta_redmesh_label_app_kubernetes_io_name").stringValue()).isEqualTo("a\"b\\c");
		assertThat(labels.path("__meta_redmesh_label_UP_per_1").stringValue()).isEqualTo("\u20ac\n\u0000");
		assertThat(labels.path("__meta_redmesh_metadata_9").stringValue()).isEmpty();
		assertThat(labels.path("__metrics_path__").stringValue()).isEqualTo("/m?a=b&c=\"d\"");
		assertThat(labels.propertyNames()).allMatch((name) -> name.matches("[A-Za-z_][A-Za-z0-9_]*"));
	}

	@Test
	void suspectIsListedAsSuch() {
		put("silent", "a", ",\"metadata\":{\"prometheus.path\":\"/metrics\"}");
		assertThat(target("silent", "a").at("/labels/__meta_redmesh_suspect").stringValue()).isEqualTo("false");
		for (int second = 0; second < 20; second++) {
			time.forward(Duration.ofSeconds(1));
		}
		assertThat(target("silent", "a").at("/labels/__meta_redmesh_suspect").stringValue())
			.as("the last instance of a service is kept")
			.isEqualTo("true");
	}

	@Test
	void targetsAreThoseOfOneNamespace() {
		server.put("/v1/namespaces/other/services/orders/instances/a",
				"{\"host\":\"10.0.0.9\",\"port\":1,\"metadata\":{\"prometheus.path\":\"/metrics\"}}");
		Answer other = server.get("/v1/sd/prometheus?namespace=other");
		assertThat(other.json().findValuesAsString("namespace")).containsExactly("other");
		assertThat(server.get("/v1/sd/prometheus").json().findValuesAsString("namespace")).doesNotContain("other");
		assertThat(server.get("/v1/sd/prometheus?namespace=").problem()).isEqualTo("invalid-field");
		assertThat(server.head("/v1/sd/prometheus?namespace=other").status()).isEqualTo(200);
	}

	private static void put(String service, String id, String more) {
		Answer answer = server.put(path(service, id), "{\"host\":\"10.0.0.7\",\"port\":8080" + more + "}");
		assertThat(answer.status()).as(answer.toString()).isIn(200, 201);
	}

	private static String path(String service, String id) {
		return "/v1/namespaces/default/services/" + service + "/instances/" + id;
	}

	private static JsonNode target(String service, String id) {
		for (JsonNode target : server.get("/v1/sd/prometheus").json()) {
			if (target.at("/labels/service").stringValue().equals(service)
					&& target.at("/labels/instance_id").stringValue().equals(id)) {
				return target;
			}
		}
		return null;
	}

}
