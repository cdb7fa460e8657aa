package io.redmesh.registry.registration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.TestServer;
import io.redmesh.registry.TestServer.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of imports in blocks of 100 lines, and of exports of many instances. */
class BackupBlocksTests {

	private static ManualTime time;

	private static TestServer server;

	@BeforeAll
	static void start() {
		time = new ManualTime();
		server = TestServer.with("mesh.server.catalog.max-namespaces=20").time(time).start();
		time.forward(Duration.ofSeconds(20));
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@CsvSource({ "1, 0", "100, 0", "101, 100", "200, 100", "201, 200", "250, 200" })
	void blocksBeforeTheWrongLineAreIn(int wrong, int imported) {
		String namespace = "wrong-" + wrong;
		List<String> lines = lines(260);
		lines.set(wrong - 1, "{\"service\":\"orders\",\"id\":\"x\",\"host\":\"h\",\"port\":65536}");
		Answer answer = post(namespace, String.join("\n", lines));
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.json().path("field").stringValue()).isEqualTo("line " + wrong + ": port");
		assertThat(answer.json().path("detail").stringValue()).startsWith("line " + wrong + ": port: 65536");
		assertThat(ids(namespace))
			.isEqualTo(IntStream.range(0, imported).mapToObj((i) -> "i" + (1000 + i)).collect(Collectors.toList()));
	}

	@Test
	void linesWithoutContentAreCountedInNumbersButNotInBlocks() {
		List<String> lines = lines(101);
		for (int i = 0; i < 30; i++) {
			lines.add(3 * i, List.of("", " ", "\t\r", "  \r").get(i % 4));
		}
		lines.set(lines.size() - 1, "{}");
		Answer answer = post("blank", String.join("\n", lines));
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.json().path("detail").stringValue()).startsWith("line 131: service: (missing)");
		assertThat(ids("blank")).hasSize(100);
	}

	@Test
	void correctedFileIsImportedWholeAfterTheBlocksThatWereIn() {
		List<String> lines = lines(250);
		String right = lines.set(219, "?");
		assertThat(post("corrected", String.join("\n", lines)).problem()).isEqualTo("malformed-body");
		lines.set(219, right);
		assertThat(post("corrected", String.join("\r\n", lines) + "\n").response().body())
			.isEqualTo("{\"registered\":50,\"known\":200,\"overrides\":0,\"rules\":0}");
	}

	@Test
	void idThatOccursTwiceIsImportedOnceWithItsFirstLine() {
		String twice = """
				{"service":"orders","id":"a","host":"first","port":1,"override":{"weight":1}}
				{"service":"orders","id":"a","host":"second","port":2,"override":{"weight":2}}
				{"service":"orders","id":"b","override":{"weight":3}}
				{"service":"orders","id":"b","host":"third","port":3}""";
		assertThat(post("twice", twice).response().body())
			.isEqualTo("{\"registered\":2,\"known\":1,\"overrides\":2,\"rules\":0}");
		JsonNode instances = server.get("/v1/namespaces/twice/services/orders").json().path("instances");
		assertThat(instances.findValuesAsString("host")).containsExactly("first", "third");
		assertThat(instances.findValuesAsString("weight")).containsExactly("1", "1", "3", "3");
	}

	@Test
	void importOfNothingIsDone() {
		assertThat(post("default", "").response().body())
			.isEqualTo("{\"registered\":0,\"known\":0,\"overrides\":0,\"rules\":0}");
		assertThat(post("default", "\n\n").status()).isEqualTo(200);
	}

	@Test
	void lineAboveItsLimitIsRefusedByItsNumber() {
		Answer answer = post("long", lines(1).get(0) + "\n\n" + " ".repeat(256 * 1024) + "{}");
		assertThat(answer.status()).isEqualTo(413);
		assertThat(answer.problem()).isEqualTo("body-too-large");
		assertThat(answer.json().path("detail").stringValue()).isEqualTo("line 3: at most 256 KiB are read");
		assertThat(post("long", " ".repeat(256 * 1024 - lines(1).get(0).length()) + lines(1).get(0)).status())
			.isEqualTo(200);
	}

	@Test
	void exportOfRandomLinesIsTheSameLinesSorted() {
		Random random = new Random(24);
		List<String> lines = new ArrayList<>();
		for (int i = 0; i < 700; i++) {
			String override = (i % 7 == 0) ? ",\"override\":{\"weight\":5}" : "";
			lines.add("""
					{"service":"s%d","id":"i%d","host":"10.0.0.7","port":%d,"secure":%s,"weight":%d,\
					"locality":{"region":"eu","zone":"a","subZone":""},"labels":{"a":"\\"%d\u20ac\\n"},\
					"metadata":{},"status":"UP","fence":%d,"ttl":"PT1M1S"%s}""".formatted(random.nextInt(5), 1000 + i,
					random.nextInt(65_536), random.nextBoolean(), random.nextInt(10_001), random.nextInt(100),
					1 + random.nextInt(1_000_000), override));
		}
		assertThat(post("many", String.join("\n", lines)).response().body())
			.isEqualTo("{\"registered\":700,\"known\":0,\"overrides\":100,\"rules\":0}");
		String export = server.get("/v1/namespaces/many/export").response().body();
		assertThat(export).endsWith("}\n");
		assertThat(export.lines().sorted()).containsExactlyElementsOf(lines.stream().sorted().toList());
		Answer head = server.head("/v1/namespaces/many/export");
		assertThat(head.status()).isEqualTo(200);
		assertThat(head.header("Content-Type")).isEqualTo("application/x-ndjson");
		assertThat(head.response().body()).isEmpty();
	}

	@Test
	void exportIsRefusedWhileInstancesMayBeMissing() {
		ManualTime young = new ManualTime();
		try (TestServer started = TestServer.with().time(young).start()) {
			started.register("orders", "a");
			Answer answer = started.get("/v1/namespaces/default/export");
			assertThat(answer.status()).isEqualTo(503);
			assertThat(answer.problem()).isEqualTo("warming-up");
			assertThat(started.get("/v1/sd/prometheus").problem()).as("targets are refused, too")
				.isEqualTo("warming-up");
			young.forward(Duration.ofSeconds(14));
			assertThat(started.get("/v1/namespaces/default/export").status()).isEqualTo(503);
			young.forward(Duration.ofSeconds(2));
			assertThat(started.get("/v1/namespaces/default/export").status()).isEqualTo(200);
		}
	}

	/** Returns lines whose ids are in the order of their numbers. */
	private static List<String> lines(int count) {
		return IntStream.range(0, count)
			.mapToObj((i) -> "{\"service\":\"orders\",\"id\":\"i%d\",\"host\":\"h\",\"port\":1}".formatted(1000 + i))
			.collect(Collectors.toCollection(ArrayList::new));
	}

	private static Answer post(String namespace, String lines) {
		return server.post("/v1/namespaces/" + namespace + "/import", lines, "Content-Type", "application/x-ndjson");
	}

	private static List<String> ids(String namespace) {
		Answer answer = server.get("/v1/namespaces/" + namespace + "/services/orders");
		return (answer.status() == 200) ? answer.json().findValuesAsString("id") : List.of();
	}

}
