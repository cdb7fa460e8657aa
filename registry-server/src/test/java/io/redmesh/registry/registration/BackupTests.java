package io.redmesh.registry.registration;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.TestServer;
import io.redmesh.registry.TestServer.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BackupTests {

	private static final String BASE = "/v1/namespaces/default";

	private static final String INSTANCE = BASE + "/services/orders/instances/a";

	private static final String RULE = BASE + "/rules/DestinationRule/orders";

	private static final String NDJSON = "application/x-ndjson";

	private final ManualTime time = new ManualTime();

	private final TestServer server = TestServer.with().time(this.time).start();

	@BeforeEach
	void becomeComplete() {
		this.time.forward(Duration.ofSeconds(20));
	}

	@AfterEach
	void close() {
		this.server.close();
	}

	@Test
	void whatWasExportedIsImportedElsewhereWithItsOverrides() {
		this.server.put(INSTANCE, "{\"host\":\"10.0.0.7\",\"port\":8080,\"weight\":7,\"labels\":{\"v\":\"1\"},"
				+ "\"locality\":{\"region\":\"eu\"},\"ttl\":\"PT30S\"}");
		this.server.put(INSTANCE + "/override", "{\"weight\":1}");
		this.server.register("stock", "b");
		Answer export = this.server.get(BASE + "/export");
		assertThat(export.header("Content-Type")).isEqualTo(NDJSON);
		assertThat(withoutClock(export.response().body())).isEqualTo(
				"""
						{"service":"orders","id":"a","host":"10.0.0.7","port":8080,"secure":false,"weight":7,"locality":{"region":"eu","zone":"","subZone":""},"labels":{"v":"1"},"metadata":{},"status":"UP","fence":1,"ttl":"PT30S","override":{"weight":1}}
						{"service":"stock","id":"b","host":"10.0.0.7","port":8080,"secure":false,"weight":100,"locality":{"region":"","zone":"","subZone":""},"labels":{},"metadata":{},"status":"UP","fence":2,"ttl":"PT15S"}
						""");
		String path = "/v1/namespaces/other/import";
		Answer imported = this.server.post(path, export.response().body(), "Content-Type", NDJSON);
		assertThat(imported.response().body()).isEqualTo("{\"registered\":2,\"known\":0,\"overrides\":1,\"rules\":0}");
		assertThat(this.server.get("/v1/namespaces/other/export").response().body())
			.isEqualTo(export.response().body());
		assertThat(this.server.get("/v1/namespaces/other/services/orders").json().at("/instances/0/weight").intValue())
			.isEqualTo(1);
		assertThat(this.server.post(path, export.response().body(), "Content-Type", NDJSON).response().body())
			.isEqualTo("{\"registered\":0,\"known\":2,\"overrides\":0,\"rules\":0}");
	}

	@Test
	void rulesAreExportedAndImportedWhereTheyAreMissing() {
		this.server.put(RULE, "{\"apiVersion\":\"networking.istio.io/v1\",\"kind\":\"DestinationRule\","
				+ "\"metadata\":{\"name\":\"orders\"},\"spec\":{\"host\":\"orders\",\"subsets\":[{\"name\":\"v1\","
				+ "\"labels\":{\"version\":\"v1\"}}]}}", "Mesh-Author", "ann");
		this.server.register("orders", "a");
		String export = this.server.get(BASE + "/export").response().body();
		List<String> lines = export.lines().toList();
		assertThat(lines).hasSize(2);
		assertThat(lines.get(1))
			.startsWith("{\"rule\":{\"kind\":\"DestinationRule\",\"name\":\"orders\",\"generation\":")
			.contains("\"author\":\"ann\"", "\"compatibility\":\"FRIENDLY\"", "\"labels\":{\"version\":\"v1\"}");
		String path = "/v1/namespaces/other/import";
		Answer imported = this.server.post(path, export, "Content-Type", NDJSON);
		assertThat(imported.response().body()).isEqualTo("{\"registered\":1,\"known\":0,\"overrides\":0,\"rules\":1}");
		Answer there = this.server.get("/v1/namespaces/other/rules/DestinationRule/orders");
		assertThat(there.json().path("author").stringValue()).isEqualTo("ann");
		assertThat(there.json().path("document")).isEqualTo(this.server.get(RULE).json().path("document"));
		assertThat(this.server.post(path, export, "Content-Type", NDJSON).json().path("rules").intValue()).isZero();
		assertThat(this.server.delete("/v1/namespaces/other/rules/DestinationRule/orders").status()).isEqualTo(204);
		assertThat(this.server.post(path, export, "Content-Type", NDJSON).json().path("rules").intValue())
			.as("deleted lately")
			.isZero();
	}

	@Test
	void aLineThatIsNoRuleIsRefusedByNumber() {
		for (String line : List.of("{\"rule\":7}", "{\"rule\":{}}", "{\"rule\":{\"compatibility\":\"FRIENDLY\"}}",
				" { \"rule\" : {\"compatibility\":\"FRIENDLY\",\"document\":{\"kind\":\"Pod\"}}}", "{\"rule\":{")) {
			Answer answer = this.server.post(BASE + "/import", "\n" + line, "Content-Type", NDJSON);
			assertThat(answer.status()).as(line).isEqualTo(400);
			assertThat(answer.json().path("detail").stringValue()).startsWith("line 2: ");
		}
	}

	/** Replaces the fences, which are times, by numbers in order. */
	private static String withoutClock(String lines) {
		AtomicInteger number = new AtomicInteger();
		return Pattern.compile("\"fence\":\\d+")
			.matcher(lines)
			.replaceAll((found) -> "\"fence\":" + number.incrementAndGet());
	}

	@Test
	void whatIsRegisteredIsNeverOverwrittenAndWhatIsImportedMustBeRegisteredInTime() {
		String token = this.server.register("orders", "a");
		String lines = """
				{"service":"orders","id":"a","host":"other","port":1}

				{"service":"orders","id":"b","host":"other","port":1}
				{"service":"orders","id":"c","host":"other","port":1}""";
		Answer imported = this.server.post(BASE + "/import", lines, "Content-Type", NDJSON);
		assertThat(imported.response().body()).isEqualTo("{\"registered\":2,\"known\":1,\"overrides\":0,\"rules\":0}");
		assertThat(this.server.post(INSTANCE + "/heartbeat", null, "Mesh-Lease", token).status()).isEqualTo(200);
		// An instance that registers itself takes over the imported one.
		this.server.register("orders", "b");
		for (int i = 0; i < 18; i++) {
			this.time.forward(Duration.ofSeconds(1));
			this.server.post(INSTANCE + "/heartbeat", null, "Mesh-Lease", token);
			this.server.register("orders", "b");
		}
		assertThat(this.server.get(BASE + "/services/orders").json().path("instances").findValuesAsString("host"))
			.containsExactly("10.0.0.7", "10.0.0.7");
	}

	@Test
	void wrongLinesAreRefusedByNumberAndNothingIsImported() {
		Answer answer = this.server.post(BASE + "/import",
				"{\"service\":\"orders\",\"id\":\"b\",\"host\":\"h\",\"port\":1}\n{\"service\":\"orders\",\"id\":\"c\",\"host\":\"h\",\"port\":-1}",
				"Content-Type", NDJSON);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.json().path("detail").stringValue()).startsWith("line 2: port: -1");
		assertThat(this.server.post(BASE + "/import", "{}", "Content-Type", "text/plain").status()).isEqualTo(415);
		Answer malformed = this.server.post(BASE + "/import",
				"{\"service\":\"orders\",\"id\":\"b\",\"host\":\"h\",\"port\":1}\n\n?", "Content-Type", NDJSON);
		assertThat(malformed.problem()).isEqualTo("malformed-body");
		assertThat(malformed.json().path("detail").stringValue()).startsWith("line 3: Not JSON: ");
		assertThat(this.server.get(BASE + "/services/orders").status()).isEqualTo(404);
		assertThat(this.server.get("/v1/namespaces/nowhere/export").status()).isEqualTo(404);
	}

}
