package io.redmesh.registry.rest;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.netty.handler.codec.http.HttpMethod;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.registry.TestServer;
import io.redmesh.registry.json.Json;
import io.redmesh.registry.store.StoreUnavailableException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpStatus;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of every problem in {@code docs/reference/rest.md} as a client receives it. */
class ProblemTests {

	private static final Path REFERENCE = Path.of("../docs/reference/rest.md");

	private static final Pattern ROW = Pattern.compile("\\| `([a-z-]+)` \\| (\\d{3}) \\| (.*) \\|");

	private static final Pattern RETRY_AFTER = Pattern.compile("`Retry-After: (\\d+)`");

	private static final Map<String, Throwable> FAILURES = failures();

	private static OperationsServer server;

	private static Map<String, Throwable> failures() {
		Map<String, Throwable> failures = new TreeMap<>();
		failures.put("invalid-field", new InvalidValueException("port", 70_000, "0 to 65535"));
		failures.put("unknown-field", Problem.unknownField("hst", "host").asException());
		failures.put("malformed-body", Problem.malformedBody("Not JSON").asException());
		failures.put("missing-lease", Problem.missingLease().asException());
		failures.put("unknown-lease", Problem.unknownLease("orders/a").asException());
		failures.put("unknown-instance", Problem.unknownInstance("orders/a").asException());
		failures.put("unknown-service", Problem.unknownService("orders").asException());
		failures.put("invalid-rule", Problem.invalidRule("line 1", List.of(Map.of("code", "RM0101"))).asException());
		failures.put("unknown-rule", Problem.unknownRule("VirtualService/orders").asException());
		failures.put("rule-conflict", Problem.ruleConflict("VirtualService/orders", 7).asException());
		failures.put("too-many-rules", Problem.tooManyRules("3001 rules").asException());
		failures.put("not-found", Problem.notFound("/x").asException());
		failures.put("superseded", Problem.superseded("orders/a").asException());
		failures.put("internal", new IllegalStateException("a fault for a test"));
		failures.put("store-unavailable", new StoreUnavailableException("Redis: away"));
		failures.put("busy", Problem.busy("watches").asException());
		failures.put("warming-up", Problem.incomplete().asException());
		return failures;
	}

	@BeforeAll
	static void start() {
		server = OperationsServer.start(Operations.builder()
			.add(HttpMethod.GET, "/problem", (request) -> Mono.error(FAILURES.get(request.parameter("name"))))
			.add(HttpMethod.PUT, "/small",
					(request) -> request.body(DataSize.ofKilobytes(1))
						.map((body) -> Reply.empty(HttpStatus.NO_CONTENT)))
			.build());
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@MethodSource("documented")
	void problemIsAsDocumented(String name, int status, String meaning) {
		HttpResponse<String> answer = provoke(name);
		JsonNode json = Json.mapper().readTree(answer.body());
		assertThat(answer.statusCode()).isEqualTo(status);
		assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
		assertThat(json.path("type").stringValue()).isEqualTo("urn:redmesh:problem:" + name);
		assertThat(json.path("status").intValue()).isEqualTo(status);
		assertThat(json.path("title").stringValue()).isNotBlank();
		assertThat(json.path("detail").stringValue()).isNotBlank();
		Matcher retryAfter = RETRY_AFTER.matcher(meaning);
		assertThat(answer.headers().firstValue("Retry-After").orElse(null))
			.isEqualTo(retryAfter.find() ? retryAfter.group(1) : null);
		if (meaning.contains("`field`")) {
			assertThat(json.path("field").stringValue()).isNotBlank();
		}
	}

	static Stream<Object[]> documented() throws IOException {
		String text = Files.readString(REFERENCE);
		List<Object[]> rows = ROW.matcher(text.substring(text.indexOf("## Problems")))
			.results()
			.map((row) -> new Object[] { row.group(1), Integer.parseInt(row.group(2)), row.group(3) })
			.toList();
		assertThat(rows).hasSizeGreaterThanOrEqualTo(FAILURES.size() + 5);
		return rows.stream();
	}

	@Test
	void everyProblemThatAFactoryMakesIsDocumented() throws IOException {
		assertThat(documented().map((row) -> (String) row[0]).collect(Collectors.toSet()))
			.containsAll(FAILURES.keySet());
	}

	private static HttpResponse<String> provoke(String name) {
		return switch (name) {
			case "method-not-allowed" -> server.call("DELETE", "/small", BodyPublishers.noBody());
			case "not-acceptable" -> server.get("/problem", "Accept", "text/html");
			case "body-too-large" -> server.call("PUT", "/small", BodyPublishers.ofString("x".repeat(1025)));
			case "unsupported-media-type" ->
				server.call("PUT", "/small", BodyPublishers.ofString("x"), "Content-Type", "text/html");
			case "too-many-namespaces" -> registerInOneNamespaceMoreThanPermitted();
			default -> server.get("/problem?name=" + name);
		};
	}

	private static HttpResponse<String> registerInOneNamespaceMoreThanPermitted() {
		try (TestServer full = TestServer.start("mesh.server.catalog.max-namespaces=1")) {
			return full
				.put("/v1/namespaces/second/services/orders/instances/a", "{\"host\":\"10.0.0.7\",\"port\":8080}")
				.response();
		}
	}

	@Test
	void extensionsTellWhatWouldHaveBeenRight() {
		JsonNode invalid = Json.mapper().readTree(provoke("invalid-field").body());
		assertThat(invalid.path("field").stringValue()).isEqualTo("port");
		assertThat(invalid.path("permitted").stringValue()).isEqualTo("0 to 65535");
		assertThat(invalid.path("detail").stringValue()).isEqualTo("port: 70000 (expected: 0 to 65535)");
		JsonNode unknown = Json.mapper().readTree(provoke("unknown-field").body());
		assertThat(unknown.path("didYouMean").stringValue()).isEqualTo("host");
		assertThat(unknown.path("detail").stringValue()).isEqualTo("hst; did you mean host?");
		assertThat(Json.mapper().readTree(Problem.unknownField("x", null).toJson()).has("didYouMean")).isFalse();
	}

	@Test
	void findingsAndGenerationsAreInTheProblem() {
		JsonNode rule = Json.mapper().readTree(provoke("invalid-rule").body());
		assertThat(rule.path("findings").toString()).isEqualTo("[{\"code\":\"RM0101\"}]");
		JsonNode conflict = Json.mapper().readTree(provoke("rule-conflict").body());
		assertThat(conflict.path("generation").stringValue()).isEqualTo("7");
	}

	@Test
	void faultOfTheServerTellsNothingButItsId() {
		HttpResponse<String> answer = provoke("internal");
		assertThat(answer.body()).doesNotContain("a fault for a test", "IllegalState");
		assertThat(Json.mapper().readTree(answer.body()).path("detail").stringValue())
			.startsWith("See the server's log: ");
		assertThat(Problem.of(new IllegalStateException("x"))).isNull();
	}

	@Test
	void textsOfAnyCharactersComeThroughJson() {
		Random random = new Random(16);
		for (int i = 0; i < 2_000; i++) {
			String detail = random.ints(random.nextInt(30), 0, 0x10FFFF)
				.filter((point) -> point < 0xD800 || point > 0xDFFF)
				.map((point) -> (point % 3 == 0) ? "\"\\\n\u0000\u007f/<'".charAt(point % 8) : point)
				.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
				.toString();
			JsonNode json = Json.mapper().readTree(Problem.unknownField(detail, detail).toJson());
			assertThat(json.path("field").stringValue()).isEqualTo(detail);
			assertThat(json.path("detail").stringValue()).isEqualTo(detail + "; did you mean " + detail + "?");
		}
	}

	@Test
	void textThatIsCutInTheMiddleOfACharacterIsStillJson() {
		InvalidValueException cut = new InvalidValueException("host", "\ud83d\ude00".repeat(50), "a name");
		JsonNode json = Json.mapper().readTree(Problem.invalidField(cut).toJson());
		assertThat(json.path("detail").stringValue())
			.isEqualTo("host: " + "\ud83d\ude00".repeat(38) + "\ud83d... (expected: a name)");
	}

	@Test
	void placeIsAddedToTheDetailAndNothingElseChanges() {
		Problem problem = Problem.storeUnavailable("away");
		Problem there = problem.in("line 7: ");
		assertThat(there.detail()).isEqualTo("line 7: away");
		assertThat(there).usingRecursiveComparison().ignoringFields("detail").isEqualTo(problem);
		assertThat(there.retryAfter()).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void problemOnItsWayIsCheapAndKeepsItself() {
		Problem problem = Problem.busy("x");
		assertThat(problem.asException().getStackTrace()).isEmpty();
		assertThat(Problem.of(problem.asException())).isSameAs(problem);
	}

}
