package io.redmesh.registry.rule;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.redmesh.core.traffic.TestRules;
import io.redmesh.registry.TestServer;
import io.redmesh.registry.TestServer.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class RuleOperationsTests {

	private static final String[] YAML = { "Content-Type", "application/yaml" };

	private static final String ORDERS = """
			apiVersion: networking.istio.io/v1
			kind: VirtualService
			metadata:
			  name: orders
			spec:
			  hosts: [orders]
			  http:
			  - timeout: %s
			    route:
			    - destination: {host: orders, subset: %s}
			""";

	private static final String SUBSETS = """
			apiVersion: networking.istio.io/v1
			kind: DestinationRule
			metadata:
			  name: orders
			spec:
			  host: orders
			  subsets:
			  - name: v1
			    labels: {version: v1}
			""";

	private static final AtomicInteger namespaces = new AtomicInteger();

	private static TestServer server;

	private final String rules = "/v1/namespaces/n" + namespaces.incrementAndGet() + "/rules";

	private final String orders = this.rules + "/VirtualService/orders";

	@BeforeAll
	static void start() {
		server = TestServer.start("mesh.server.rules.max-rules=20", "mesh.server.rules.max-size=64KB");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void theFirstDocumentIsTakenVerbatimWithFindings() {
		Answer answer = server.put(this.rules + "/VirtualService/my-service", TestRules.SEED, YAML);
		assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
		JsonNode json = answer.json();
		assertThat(json.path("kind").stringValue()).isEqualTo("VirtualService");
		assertThat(json.path("name").stringValue()).isEqualTo("my-service");
		assertThat(json.path("outcome").stringValue()).isEqualTo("CREATED");
		assertThat(json.path("generation").longValue()).isPositive();
		assertThat(json.path("revision").stringValue()).isEqualTo(json.path("generation").asString());
		assertThat(json.path("cursor").stringValue()).isNotEmpty();
		assertThat(answer.header("ETag")).isEqualTo("\"" + json.path("generation") + "\"");
		JsonNode weight = finding(json, "RM0108");
		assertThat(weight.path("line").intValue()).isEqualTo(16);
		assertThat(weight.path("path").stringValue()).isEqualTo("spec.http[0].weight");
		assertThat(weight.path("severity").stringValue()).isNotEqualTo("ERROR");
		assertThat(weight.path("fix").stringValue()).contains("weight: 100");
		assertThat(weight.path("rule").stringValue()).isEqualTo("VirtualService/my-service");
		assertThat(finding(json, "RM0109").path("line").intValue()).isBetween(8, 9);
		JsonNode kept = read(this.rules + "/VirtualService/my-service", json);
		assertThat(kept.at("/document/spec/http/0/weight").intValue()).as("unchanged").isEqualTo(100);
	}

	@Test
	void aRuleIsReadAsItWasWritten() {
		Instant before = Instant.EPOCH;
		JsonNode written = put("1s").json();
		Answer answer = server.get(this.orders + "?cursor=" + written.path("cursor").stringValue());
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("ETag")).isEqualTo("\"" + written.path("generation") + "\"");
		JsonNode json = answer.json();
		assertThat(json.propertyNames()).containsExactly("kind", "name", "generation", "time", "author",
				"authorVerified", "compatibility", "document");
		assertThat(json.path("author").stringValue()).isEqualTo("ann");
		assertThat(json.path("authorVerified").booleanValue()).isFalse();
		assertThat(Instant.parse(json.path("time").stringValue())).isAfter(before);
		assertThat(json.at("/document/spec/http/0/timeout").stringValue()).isEqualTo("1s");
		assertThat(server.get(this.orders, "If-None-Match", answer.header("ETag")).status()).isEqualTo(304);
		JsonNode all = server.get(this.rules).json();
		assertThat(all.propertyNames()).containsExactly("cursor", "complete", "revision", "rules");
		assertThat(all.path("revision").stringValue()).isEqualTo(written.path("generation").asString());
		assertThat(all.path("rules")).containsExactly(json);
	}

	@Test
	void rulesAreReadInYamlThatCanBeAppliedAgain() {
		JsonNode written = put("1s").json();
		server.put(this.rules + "/DestinationRule/orders", SUBSETS, YAML);
		String one = read(this.orders, written, "Accept", "application/yaml").response().body();
		assertThat(one).startsWith("apiVersion: networking.istio.io/v1\nkind: VirtualService\n")
			.contains("timeout: 1s");
		Answer all = server.get(this.rules, "Accept", "application/json;q=0.5, application/yaml");
		assertThat(all.header("Content-Type")).isEqualTo("application/yaml");
		assertThat(all.response().body().lines().filter("---"::equals)).hasSize(2);
		JsonNode again = server.post(this.rules + ":apply", all.response().body(), YAML).json();
		assertThat(again.path("rules").findValuesAsString("outcome")).containsOnly("UNCHANGED").hasSize(2);
		assertThat(server.get(this.rules, "Accept", "text/html").problem()).isEqualTo("not-acceptable");
	}

	@Test
	void anotherDocumentIsAnotherGenerationAndTheSameOneIsNone() {
		Answer first = put("1s");
		Answer same = put("1s");
		assertThat(same.status()).isEqualTo(200);
		assertThat(same.json().path("outcome").stringValue()).isEqualTo("UNCHANGED");
		assertThat(same.header("ETag")).isEqualTo(first.header("ETag"));
		Answer other = put("2s");
		assertThat(other.status()).isEqualTo(200);
		assertThat(other.json().path("outcome").stringValue()).isEqualTo("UPDATED");
		assertThat(other.json().path("generation").longValue())
			.isGreaterThan(first.json().path("generation").longValue());
	}

	@Test
	void ofTwoWritersAtOnceOneGetsAConflictAndNothingIsLost() {
		String etag = put("1s").header("ETag");
		List<CompletableFuture<Answer>> writers = IntStream.range(0, 8)
			.mapToObj((i) -> CompletableFuture.supplyAsync(() -> server.put(this.orders,
					ORDERS.formatted((i + 2) + "s", "v1"), "Content-Type", "text/yaml", "If-Match", etag)))
			.toList();
		List<Answer> answers = writers.stream().map(CompletableFuture::join).toList();
		assertThat(answers).extracting(Answer::status).containsOnly(200, 409).containsOnlyOnce(200);
		Answer won = answers.stream().filter((answer) -> answer.status() == 200).findFirst().orElseThrow();
		Answer lost = answers.stream().filter((answer) -> answer.status() == 409).findFirst().orElseThrow();
		assertThat(lost.problem()).isEqualTo("rule-conflict");
		assertThat(lost.json().path("generation").stringValue()).isEqualTo(won.json().path("generation").asString());
		assertThat(history()).hasSize(2);
		assertThat(server.delete(this.orders, "If-Match", etag).problem()).isEqualTo("rule-conflict");
		assertThat(server.delete(this.orders, "If-Match", won.header("ETag")).status()).isEqualTo(204);
	}

	@Test
	void aRuleMayBeCreatedOnlyIfThereIsNone() {
		assertThat(server
			.put(this.orders, ORDERS.formatted("1s", "v1"), "Content-Type", "application/yaml", "If-None-Match", "*")
			.status()).isEqualTo(201);
		assertThat(server
			.put(this.orders, ORDERS.formatted("2s", "v1"), "Content-Type", "application/yaml", "If-None-Match", "*")
			.problem()).isEqualTo("rule-conflict");
		for (String match : List.of("*", "x", "\"1", "-1", "W/\"abc\"")) {
			Answer answer = server.delete(this.orders, "If-Match", match);
			assertThat(answer.status()).as(match).isIn(400, 409);
		}
		assertThat(server.delete(this.orders, "If-None-Match", "\"1\"").problem()).isEqualTo("invalid-field");
	}

	@Test
	void aDeletedRuleIsGoneAndCanBeRolledBack() {
		put("1s");
		assertThat(server.delete(this.orders, "Mesh-Author", "bob").status()).isEqualTo(204);
		assertThat(server.delete(this.orders).problem()).isEqualTo("unknown-rule");
		JsonNode history = history();
		assertThat(history).hasSize(2);
		assertThat(history.get(0).path("document").isNull()).isTrue();
		assertThat(history.get(0).path("author").stringValue()).isEqualTo("bob");
		assertThat(history.get(1).at("/document/spec/http/0/timeout").stringValue()).isEqualTo("1s");
		Answer back = server.post(this.orders + "/rollback", null);
		assertThat(back.status()).isEqualTo(201);
		assertThat(read(this.orders, back.json()).at("/document/spec/http/0/timeout").stringValue()).isEqualTo("1s");
	}

	@Test
	void rollbackRestoresAVersionExactly() {
		long first = put("1s").json().path("generation").longValue();
		JsonNode document = read(this.orders, server.get(this.rules).json()).path("document");
		put("2s");
		put("3s");
		Answer answer = server.post(this.orders + "/rollback?to=" + first, null, "Mesh-Author", "ops");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.json().path("generation").longValue()).isGreaterThan(first);
		JsonNode now = read(this.orders, answer.json());
		assertThat(now.path("document")).isEqualTo(document);
		assertThat(now.path("author").stringValue()).isEqualTo("ops");
		assertThat(history()).hasSize(4);
		JsonNode before = server.post(this.orders + "/rollback", null).json();
		assertThat(read(this.orders, before).at("/document/spec/http/0/timeout").stringValue()).isEqualTo("3s");
		assertThat(server.post(this.orders + "/rollback?to=7", null).problem()).isEqualTo("unknown-rule");
		assertThat(server.post(this.orders + "/rollback?to=x", null).problem()).isEqualTo("invalid-field");
		assertThat(server.post(this.orders + "/rollback", null, "If-Match", "\"7\"").problem())
			.isEqualTo("rule-conflict");
		assertThat(server.post(this.rules + "/VirtualService/none/rollback", null).problem()).isEqualTo("unknown-rule");
		assertThat(server.get(this.rules + "/VirtualService/none/history").problem()).isEqualTo("unknown-rule");
	}

	@Test
	void manyDocumentsAreAppliedTogetherOrNotAtAll() {
		String good = ORDERS.formatted("1s", "v1") + "---\n" + SUBSETS;
		Answer refused = server.post(this.rules + ":apply",
				good + "---\n" + TestRules.SEED.replace("timeout: 1s", "timeout: soon"), YAML);
		assertThat(refused.status()).isEqualTo(400);
		assertThat(refused.problem()).isEqualTo("invalid-rule");
		assertThat(refused.json().path("detail").stringValue()).startsWith("VirtualService/my-service, line ")
			.contains("spec.http[0].timeout");
		JsonNode error = refused.json()
			.path("findings")
			.valueStream()
			.filter((one) -> one.path("severity").stringValue().equals("ERROR"))
			.findFirst()
			.orElseThrow();
		assertThat(error.path("document").intValue()).isEqualTo(3);
		assertThat(error.path("line").intValue()).isEqualTo(good.lines().count() + 18);
		assertThat(server.get(this.rules).status()).as("no namespace was made").isEqualTo(404);
		Answer applied = server.post(this.rules + ":apply", good, YAML);
		assertThat(applied.status()).isEqualTo(200);
		assertThat(applied.json().path("rules").findValuesAsString("outcome")).containsExactly("CREATED", "CREATED");
		assertThat(
				server.get(this.rules + "?cursor=" + applied.json().path("cursor").stringValue()).json().path("rules"))
			.hasSize(2);
		String revision = applied.header("ETag");
		assertThat(revision).isEqualTo("\"" + applied.json().path("revision").stringValue() + "\"");
		put("2s");
		assertThat(server.post(this.rules + ":apply", good, "Content-Type", "application/yaml", "If-Match", revision)
			.problem()).isEqualTo("rule-conflict");
	}

	@Test
	void aDryRunWritesNothing() {
		Answer dry = server.put(this.orders + "?dryRun=true", ORDERS.formatted("1s", "v1"), YAML);
		assertThat(dry.status()).isEqualTo(200);
		assertThat(dry.json().path("dryRun").booleanValue()).isTrue();
		assertThat(dry.json().path("outcome").stringValue()).isEqualTo("CREATED");
		assertThat(finding(dry.json(), "RM0201")).as("an unknown host").isNotNull();
		String etag = put("1s").header("ETag");
		put("2s");
		Answer apply = server.post(this.rules + ":apply?dryRun=true", ORDERS.formatted("3s", "v1") + "---\n" + SUBSETS,
				YAML);
		assertThat(apply.json().path("rules").findValuesAsString("outcome")).containsExactly("UPDATED", "CREATED");
		assertThat(server
			.put(this.orders + "?dryRun=true", ORDERS.formatted("3s", "v1"), "Content-Type", "application/yaml",
					"If-Match", etag)
			.problem()).isEqualTo("rule-conflict");
		assertThat(server.delete(this.orders + "?dryRun=true").json().path("outcome").stringValue())
			.isEqualTo("DELETED");
		assertThat(server.put(this.orders + "?dryRun=perhaps", ORDERS.formatted("1s", "v1"), YAML).problem())
			.isEqualTo("invalid-field");
		assertThat(history()).hasSize(2);
	}

	@Test
	void rulesAreAnalyzedAgainstWhatIsRegistered() {
		put("1s");
		String namespace = this.rules.split("/")[3];
		JsonNode inForce = server.post(this.rules + ":analyze", null).json();
		assertThat(finding(inForce, "RM0201").path("rule").stringValue()).isEqualTo("VirtualService/orders");
		server.register(namespace, "orders", "a");
		JsonNode registered = server.post(this.rules + ":analyze", null).json();
		assertThat(registered.path("findings").findValuesAsString("code")).doesNotContain("RM0201").contains("RM0202");
		JsonNode sent = server.post(this.rules + ":analyze", SUBSETS, YAML).json();
		assertThat(sent.path("findings").findValuesAsString("code")).as("the subset would be defined, but empty")
			.contains("RM0203")
			.doesNotContain("RM0202");
		Answer broken = server.post(this.rules + ":analyze", "kind: Pod\n---\n" + SUBSETS, YAML);
		assertThat(broken.status()).isEqualTo(200);
		assertThat(finding(broken.json(), "RM0106").path("severity").stringValue()).isEqualTo("ERROR");
		assertThat(finding(broken.json(), "RM0106").path("line").intValue()).isEqualTo(1);
		assertThat(server.post("/v1/namespaces/nowhere/rules:analyze", null).status()).isEqualTo(404);
	}

	@Test
	void statusTellsWhichInstancesAreBehind() {
		String namespace = this.rules.split("/")[3];
		String old = put("1s").json().path("revision").stringValue();
		String revision = put("2s").json().path("revision").stringValue();
		report(namespace, "a", "{\"rules\":\"" + revision + "\",\"status\":\"UP\"}");
		report(namespace, "b", "{\"rules\":\"" + old + "\"}");
		report(namespace, "c", "{}");
		JsonNode status = server.get(this.rules + ":status").json();
		assertThat(status.path("revision").stringValue()).isEqualTo(revision);
		assertThat(status.path("instances").intValue()).isEqualTo(3);
		assertThat(status.path("running").path(old).intValue()).isEqualTo(1);
		assertThat(status.path("running").path(revision).intValue()).isEqualTo(1);
		assertThat(status.path("behind").toString())
			.isEqualTo("[{\"service\":\"orders\",\"id\":\"b\",\"revision\":\"" + old + "\"}]");
	}

	private static void report(String namespace, String id, String heartbeat) {
		String token = server.register(namespace, "orders", id);
		Answer answer = server.post("/v1/namespaces/" + namespace + "/services/orders/instances/" + id + "/heartbeat",
				heartbeat, "Mesh-Lease", token);
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
	}

	@Test
	void theCallerSaysHowADocumentIsRead() {
		String unsupported = ORDERS.formatted("1s", "v1") + "    corsPolicy: {}\n";
		assertThat(server.put(this.orders, unsupported, YAML).problem()).isEqualTo("invalid-rule");
		Answer lenient = server.put(this.orders + "?compatibility=lenient", unsupported, YAML);
		assertThat(lenient.status()).as(lenient.toString()).isEqualTo(201);
		assertThat(lenient.json().path("findings")).isNotEmpty();
		assertThat(read(this.orders, lenient.json()).path("compatibility").stringValue()).isEqualTo("LENIENT");
		assertThat(server.put(this.rules + "/VirtualService/my-service?compatibility=strict", TestRules.SEED, YAML)
			.problem()).isEqualTo("invalid-rule");
		assertThat(server.put(this.orders + "?compatibility=some", unsupported, YAML).problem())
			.isEqualTo("invalid-field");
	}

	@Test
	void whatDoesNotFitThePathIsRefused() {
		String document = ORDERS.formatted("1s", "v1");
		assertThat(server.put(this.rules + "/VirtualService/other", document, YAML).problem())
			.isEqualTo("invalid-field");
		assertThat(server.put(this.rules + "/DestinationRule/orders", document, YAML).problem())
			.isEqualTo("invalid-field");
		assertThat(server.put(this.rules + "/Gateway/orders", document, YAML).json().path("permitted").stringValue())
			.isEqualTo("one of [VirtualService, DestinationRule]");
		assertThat(server.put(this.rules + "/VirtualService/A", document, YAML).problem()).isEqualTo("invalid-field");
		assertThat(server.get(this.rules + "/VirtualService/none").status()).isIn(404, 503);
		assertThat(server.put(this.orders, document + "---\n" + SUBSETS, YAML).problem()).isEqualTo("malformed-body");
		assertThat(server.put(this.orders, "", YAML).problem()).isEqualTo("malformed-body");
		assertThat(server.put(this.orders, document, "Content-Type", "text/plain").problem())
			.isEqualTo("unsupported-media-type");
		assertThat(server.post(this.rules + ":apply", document + "---\n" + document, YAML)
			.json()
			.path("detail")
			.stringValue()).isEqualTo("Documents 1 and 2 are both VirtualService/orders");
		for (String author : List.of("x".repeat(129), "a\tb")) {
			assertThat(server.delete(this.orders, "Mesh-Author", author).problem()).isEqualTo("invalid-field");
		}
	}

	@Test
	void badDocumentsAreRefusedAndTheRuleInForceStays() {
		put("1s");
		String bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
				+ "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n";
		for (String body : List.of("a: [", bomb, "kind: VirtualService\nkind: VirtualService\n", "\u0000",
				"- ".repeat(10_000))) {
			Answer answer = server.put(this.orders, body, YAML);
			assertThat(answer.status()).isEqualTo(400);
			assertThat(answer.problem()).isEqualTo("malformed-body");
		}
		Answer unknown = server.put(this.orders, "apiVersion: v1\nkind: Pod\nmetadata: {name: orders}\nspec: {}\n",
				YAML);
		assertThat(unknown.problem()).isEqualTo("invalid-rule");
		assertThat(unknown.json().path("detail").stringValue()).contains("Pod").contains("line 2");
		for (String path : List.of(this.orders, this.rules + ":apply", this.rules + ":analyze")) {
			Answer large = server.call(path.equals(this.orders) ? "PUT" : "POST", path, "# ".repeat(5_000_000), YAML);
			assertThat(large.status()).as(path).isEqualTo(413);
		}
		assertThat(history()).hasSize(1);
	}

	@Test
	void rulesOfANamespaceAreLimited() {
		StringBuilder many = new StringBuilder();
		for (int i = 0; i < 20; i++) {
			many.append("---\n").append(SUBSETS.replace("name: orders", "name: r" + i));
		}
		assertThat(server.post(this.rules + ":apply", many.toString(), YAML).status()).isEqualTo(200);
		Answer answer = server.put(this.orders, ORDERS.formatted("1s", "v1"), YAML);
		assertThat(answer.status()).isEqualTo(413);
		assertThat(answer.problem()).isEqualTo("too-many-rules");
		String large = SUBSETS.replace("name: orders", "name: r0")
			.replace("version: v1", "version: " + "x".repeat(70_000));
		assertThat(server.put(this.rules + "/DestinationRule/r0", large, YAML).json().path("detail").stringValue())
			.contains("mesh.server.rules.max-size");
	}

	private Answer put(String timeout) {
		return server.put(this.orders, ORDERS.formatted(timeout, "v1"), "Content-Type", "application/yaml",
				"Mesh-Author", "ann");
	}

	/** Reads a rule as of a write. */
	private static JsonNode read(String path, JsonNode written) {
		return read(path, written, "Accept", "application/json").json();
	}

	private static Answer read(String path, JsonNode written, String... headers) {
		Answer answer = server.get(path + "?cursor=" + written.path("cursor").stringValue(), headers);
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
		return answer;
	}

	private JsonNode history() {
		return server.get(this.orders + "/history").json().path("history");
	}

	private static JsonNode finding(JsonNode json, String code) {
		return json.path("findings")
			.valueStream()
			.filter((finding) -> finding.path("code").stringValue().equals(code))
			.findFirst()
			.orElseThrow(() -> new AssertionError(code + " is not in " + json));
	}

}
