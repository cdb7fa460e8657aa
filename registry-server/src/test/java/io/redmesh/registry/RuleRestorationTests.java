package io.redmesh.registry;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.redmesh.registry.TestServer.Answer;
import io.redmesh.registry.store.redis.TestRedis;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for rules that survive the loss of all data in Redis. */
@Timeout(120)
class RuleRestorationTests {

	private static final String RULES = "/v1/namespaces/default/rules";

	private static final String DOCUMENT = """
			apiVersion: networking.istio.io/v1
			kind: DestinationRule
			metadata: {name: %s}
			spec:
			  host: %s
			  subsets: [{name: v1, labels: {version: v1}}]
			""";

	private final TestRedis redis = TestRedis.started();

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.redis.close();
	}

	@Test
	void rulesComeBackAfterRedisWasEmptiedUnderTwoServers() {
		try (TestServer one = start("one"); TestServer two = start("two")) {
			put(one, "a");
			put(two, "b");
			put(one, "c");
			assertThat(one.delete(RULES + "/DestinationRule/c").status()).isEqualTo(204);
			awaitRules(one, "a", "b");
			awaitRules(two, "a", "b");
			String revision = revision(one);
			this.redis.empty();
			for (TestServer server : List.of(one, two)) {
				Awaitility.await()
					.during(Duration.ofSeconds(3))
					.atMost(Duration.ofSeconds(10))
					.untilAsserted(() -> assertRules(server, "a", "b"));
				assertThat(revision(server)).isEqualTo(revision);
			}
			try (TestServer three = start("three")) {
				awaitRules(three, "a", "b");
				assertThat(revision(three)).as("the deletion is back, too").isEqualTo(revision);
			}
		}
	}

	@Test
	void rulesComeBackFromDiskWhenRedisAndAllServersStartAnew() {
		try (TestServer one = start("one")) {
			put(one, "a");
			put(one, "b");
			try (TestServer two = start("two")) {
				awaitRules(two, "a", "b");
			}
			assertThat(one.delete(RULES + "/DestinationRule/a").status()).isEqualTo(204);
			awaitRules(one, "b");
		}
		this.redis.empty();
		try (TestServer two = start("two"); TestServer one = start("one")) {
			awaitRules(one, "b");
			awaitRules(two, "b");
			put(two, "a");
			awaitRules(one, "a", "b");
		}
		try (TestServer two = start("two")) {
			awaitRules(two, "a", "b");
		}
	}

	@Test
	void rulesOfANamespaceWithoutInstancesComeBackToo() {
		try (TestServer one = start("one")) {
			assertThat(one
				.put("/v1/namespaces/other/rules/DestinationRule/a", DOCUMENT.formatted("a", "a"), "Content-Type",
						"application/yaml")
				.status()).isEqualTo(201);
			Awaitility.await().until(() -> one.get("/v1/namespaces/other/rules").json().path("rules").size() == 1);
		}
		this.redis.empty();
		try (TestServer one = start("one")) {
			Awaitility.await().untilAsserted(() -> {
				Answer answer = one.get("/v1/namespaces/other/rules");
				assertThat(answer.status()).isEqualTo(200);
				assertThat(answer.json().path("rules").findValuesAsString("name")).contains("a");
			});
		}
	}

	@Test
	void aServerWithOldRulesDoesNotBringThemToARedisThatHasLostNothing() {
		try (TestServer one = start("one"); TestServer two = start("two")) {
			put(one, "a");
			awaitRules(two, "a");
		}
		try (TestServer three = start("three")) {
			awaitRules(three, "a");
			assertThat(three.delete(RULES + "/DestinationRule/a").status()).isEqualTo(204);
			awaitRules(three);
			try (TestServer one = start("one")) {
				awaitRules(one);
				Awaitility.await().during(Duration.ofSeconds(1)).untilAsserted(() -> assertRules(three));
			}
		}
	}

	@Test
	void rulesInMemorySurviveARestart() {
		String kept = "mesh.server.catalog.rules-directory=" + this.directory;
		try (TestServer server = TestServer.start("mesh.server.store=memory", kept)) {
			put(server, "a");
			awaitRules(server, "a");
		}
		try (TestServer server = TestServer.start("mesh.server.store=memory", kept)) {
			awaitRules(server, "a");
			assertThat(server.get(RULES + "/DestinationRule/a/history").json().path("history")).hasSize(1);
		}
	}

	private TestServer start(String name) {
		return TestServer.start("spring.data.redis.url=redis://127.0.0.1:" + this.redis.port(),
				"mesh.server.catalog.rules-directory=" + this.directory.resolve(name));
	}

	private static void put(TestServer server, String name) {
		Answer answer = server.put(RULES + "/DestinationRule/" + name, DOCUMENT.formatted(name, name), "Content-Type",
				"application/yaml");
		assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
	}

	private static String revision(TestServer server) {
		return server.get(RULES).json().path("revision").stringValue();
	}

	private static void awaitRules(TestServer server, String... names) {
		Awaitility.await().untilAsserted(() -> assertRules(server, names));
	}

	private static void assertRules(TestServer server, String... names) {
		Answer answer = server.get(RULES);
		assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
		assertThat(answer.json().path("rules").valueStream().map((rule) -> rule.path("name").stringValue()))
			.containsExactly(names);
	}

}
