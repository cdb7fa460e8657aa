package io.redmesh.registry.export;

import java.time.Duration;

import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.TestServer;
import io.redmesh.registry.TestServer.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class OperationsTests {

	private static final String INSTANCES = "/v1/namespaces/default/services/orders/instances/";

	private static TestServer server;

	@BeforeAll
	static void start() {
		ManualTime time = new ManualTime();
		server = TestServer.with().time(time).start();
		time.forward(Duration.ofSeconds(20));
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void instancesThatCanBeScrapedAreTargetsOfPrometheus() {
		server.put(INSTANCES + "a", """
				{"host":"10.0.0.7","port":8080,"labels":{"app.kubernetes.io/version":"1"},
				 "locality":{"region":"eu","zone":"a"},"metadata":{"prometheus.path":"/actuator/prometheus"}}""");
		server.put(INSTANCES + "b", """
				{"host":"10.0.0.8","port":8080,"secure":true,
				 "metadata":{"management.scheme":"http","management.address":"fe80::1","management.port":"9090",
				 "management.context-path":"/manage","prometheus.path":"/manage/metrics"}}""");
		server.put(INSTANCES + "c", """
				{"host":"10.0.0.9","port":8080,"secure":true,"metadata":{"management.port":"rubbish",
				 "management.scheme":"rubbish","management.address":"-","prometheus.path":"/metrics"}}""");
		for (String status : new String[] { "STARTING", "DRAINING", "DOWN" }) {
			server.put(INSTANCES + "d-" + status, """
					{"host":"10.0.0.10","port":8080,"status":"%s","metadata":{"prometheus.path":"/metrics"}}"""
				.formatted(status));
		}
		server.put(INSTANCES + "e", "{\"host\":\"10.0.0.11\",\"port\":8080}");
		server.put(INSTANCES + "f", """
				{"host":"10.0.0.12","port":8080,"metadata":{"management.port":"9090","prometheus.path":""}}""");
		server.put(INSTANCES + "g", """
				{"host":"10.0.0.13","port":0,"metadata":{"prometheus.path":"/metrics"}}""");
		Answer answer = server.get("/v1/sd/prometheus");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.json().findValuesAsString("instance_id")).containsExactly("a", "b", "c", "d-DOWN",
				"d-DRAINING", "d-STARTING");
		assertThat(answer.json().get(0).toString())
			.isEqualTo("{\"targets\":[\"10.0.0.7:8080\"],\"labels\":{\"__scheme__\":\"http\","
					+ "\"__metrics_path__\":\"/actuator/prometheus\",\"namespace\":\"default\",\"service\":\"orders\","
					+ "\"instance_id\":\"a\",\"region\":\"eu\",\"zone\":\"a\",\"__meta_redmesh_status\":\"UP\","
					+ "\"__meta_redmesh_suspect\":\"false\","
					+ "\"__meta_redmesh_label_app_kubernetes_io_version\":\"1\","
					+ "\"__meta_redmesh_metadata_prometheus_path\":\"/actuator/prometheus\"}}");
		assertThat(answer.json().get(1).at("/targets/0").stringValue()).isEqualTo("[fe80::1]:9090");
		assertThat(answer.json().get(1).at("/labels/__metrics_path__").stringValue()).isEqualTo("/manage/metrics");
		assertThat(answer.json().get(1).at("/labels/__scheme__").stringValue()).isEqualTo("http");
		assertThat(answer.json().get(2).at("/targets/0").stringValue()).isEqualTo("10.0.0.9:8080");
		assertThat(answer.json().get(2).at("/labels/__scheme__").stringValue()).isEqualTo("https");
		assertThat(answer.json().findValuesAsString("__meta_redmesh_status")).containsExactly("UP", "UP", "UP", "DOWN",
				"DRAINING", "STARTING");
		assertThat(server.get("/v1/sd/prometheus?namespace=nowhere").status()).isEqualTo(404);
		assertThat(server.get("/v1/sd/prometheus?namespace=No").problem()).isEqualTo("invalid-field");
	}

	@Test
	void whatHappensIsCounted() {
		String token = server.register("counted", "a");
		server.post("/v1/namespaces/default/services/counted/instances/a/heartbeat", null, "Mesh-Lease", token);
		String metrics = server.get("/actuator/prometheus").response().body();
		assertThat(metrics).contains("mesh_server_registrations_total{outcome=\"created\"}",
				"mesh_server_renewals_total{outcome=\"held\"}", "mesh_server_evictions_total", "mesh_server_watchers",
				"mesh_server_watch_frames_total{kind=\"snapshot\"}",
				"mesh_server_catalog_instances{namespace=\"default\"}",
				"mesh_server_catalog_revision{namespace=\"default\"}");
	}

	// Prometheus before 2.43 takes exemplars of counters and histograms only, and refuses
	// the whole scrape otherwise.
	@Test
	void tracedRequestsLeaveNoExemplarAtASummary() {
		server.register("traced", "a");
		String url = "/v1/namespaces/default/services/traced";
		assertThat(server.get(url, "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").status())
			.isEqualTo(200);
		await().untilAsserted(() -> {
			String metrics = server.get("/actuator/prometheus", "Accept", "application/openmetrics-text; version=1.0.0")
				.response()
				.body();
			assertThat(metrics.lines().filter((line) -> line.startsWith("http_server_requests_seconds_count")))
				.isNotEmpty()
				.noneMatch((line) -> line.contains("trace_id"));
		});
	}

	@Test
	void operatorsSeeWhichStoreItIsAndWhatIsRead() {
		assertThat(server.get("/actuator/info").json().at("/registry/store").stringValue()).isEqualTo("memory");
		assertThat(
				server.get("/actuator/health").json().at("/components/registry/details/namespaces/default").toString())
			.contains("complete at ");
		assertThat(server.get("/actuator/metrics").status()).isEqualTo(200);
	}

	// With Reactor Netty 1.3.7 one request in fifteen got no response.
	@Test
	void whatWorksOnOtherThreadsIsAnsweredOnAConnectionThatIsKept() {
		for (int i = 0; i < 300; i++) {
			assertThat(server.get("/actuator/health").status()).isEqualTo(200);
			assertThat(server.get("/actuator/metrics").status()).isEqualTo(200);
		}
	}

}
