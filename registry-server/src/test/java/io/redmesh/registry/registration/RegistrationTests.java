package io.redmesh.registry.registration;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Names;
import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.TestServer;
import io.redmesh.registry.TestServer.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RegistrationTests {

	private static final String BODY = "{\"host\":\"10.0.0.7\",\"port\":8080}";

	private static final String ROOT = "/v1/namespaces/default";

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

	@Test
	void whenNewAnInstanceIsCreatedWithALease() {
		Answer answer = server.put(path("created", "a"), BODY);
		assertThat(answer.status()).isEqualTo(201);
		assertThat(answer.json().at("/lease/ttl").stringValue()).isEqualTo("PT15S");
		assertThat(answer.json().at("/lease/renewEvery").stringValue()).isEqualTo("PT5S");
		assertThat(answer.json().at("/lease/token").stringValue()).isNotEmpty();
		assertThat(answer.json().at("/lease/fence").longValue()).isPositive();
		assertThat(answer.json().at("/cursor").stringValue()).isNotEmpty();
	}

	@Test
	void everythingThatAnInstanceSaysIsToldToReaders() {
		server.put(path("full", "10.0.0.7:8080"), """
				{"host":"10.0.0.7","port":8080,"secure":true,"weight":7,
				 "locality":{"region":"eu","zone":"a","subZone":"r1"},"labels":{"version":"1"},
				 "metadata":{"team":"über"},"status":"STARTING","ttl":"PT1M"}""");
		Answer answer = server.get(ROOT + "/services/full");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.json().path("complete").booleanValue()).isTrue();
		assertThat(answer.json().at("/instances/0").toString())
			.matches("\\{\"service\":\"full\",\"id\":\"10.0.0.7:8080\",\"host\":\"10.0.0.7\",\"port\":8080,"
					+ "\"secure\":true,\"weight\":7,\"locality\":\\{\"region\":\"eu\",\"zone\":\"a\",\"subZone\":\"r1\"},"
					+ "\"labels\":\\{\"version\":\"1\"},\"metadata\":\\{\"team\":\"über\"},\"status\":\"STARTING\",\"fence\":\\d+}");
	}

	@Test
	void theSameLeaseUpdatesAndTheSameContentMovesNothing() {
		String token = server.register("again", "a");
		Answer same = server.put(path("again", "a"), BODY, "Mesh-Lease", token);
		Answer other = server.put(path("again", "a"), "{\"host\":\"10.0.0.7\",\"port\":8081}", "Mesh-Lease", token);
		assertThat(same.status()).isEqualTo(200);
		assertThat(same.json().at("/lease/token").stringValue()).isEqualTo(token);
		assertThat(other.status()).isEqualTo(200);
		assertThat(revision(other)).isEqualTo(revision(same) + 1);
	}

	@Test
	void aNewcomerTakesOverAndTheLoserStaysOut() {
		String loser = server.register("taken", "a");
		Answer newcomer = server.put(path("taken", "a"), BODY);
		assertThat(newcomer.status()).isEqualTo(200);
		assertThat(server.put(path("taken", "a"), BODY, "Mesh-Lease", loser)).satisfies(this::superseded);
		assertThat(server.post(path("taken", "a") + "/heartbeat", null, "Mesh-Lease", loser))
			.satisfies(this::superseded);
		assertThat(server.put(path("taken", "a") + "/status", "{\"status\":\"UP\"}", "Mesh-Lease", loser))
			.satisfies(this::superseded);
		assertThat(server.delete(path("taken", "a"), "Mesh-Lease", loser)).satisfies(this::superseded);
		assertThat(server.get(ROOT + "/services/taken").json().at("/instances").size()).isEqualTo(1);
	}

	@Test
	void whenDeregisteredItIsGoneAndStaysOut() {
		String token = server.register("left", "a");
		server.register("left", "b");
		assertThat(server.delete(path("left", "a"), "Mesh-Lease", token).status()).isEqualTo(204);
		assertThat(server.delete(path("left", "b"), "Mesh-Lease", token).status()).isIn(204, 409);
		assertThat(server.put(path("left", "a"), BODY, "Mesh-Lease", token)).satisfies(this::superseded);
		assertThat(server.get(ROOT + "/services/left").json().findValuesAsString("id")).contains("b")
			.doesNotContain("a");
	}

	@Test
	void deregisteringWhatIsNotThereIsDone() {
		assertThat(server.delete(path("absent", "a"), "Mesh-Lease", "1-00").status()).isEqualTo(204);
	}

	@Test
	void aRenewalIsAnsweredWithTheCursor() {
		String token = server.register("renewed", "a");
		Answer answer = server.post(path("renewed", "a") + "/heartbeat", null, "Mesh-Lease", token);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.json().path("cursor").stringValue()).isNotEmpty();
		Answer withStatus = server.post(path("renewed", "a") + "/heartbeat", "{\"status\":\"DOWN\"}", "Mesh-Lease",
				token);
		assertThat(withStatus.status()).isEqualTo(200);
		assertThat(server.get(ROOT + "/services/renewed").json().at("/instances/0/status").stringValue())
			.isEqualTo("DOWN");
	}

	@Test
	void whenTheLeaseIsUnknownTheAnswerSaysSo() {
		for (Answer answer : List
			.of(server.post(path("unknown", "a") + "/heartbeat", null, "Mesh-Lease", "123-" + "0".repeat(32)), server
				.put(path("unknown", "a") + "/status", "{\"status\":\"UP\"}", "Mesh-Lease", "123-" + "0".repeat(32)))) {
			assertThat(answer.status()).isEqualTo(404);
			assertThat(answer.problem()).isEqualTo("unknown-lease");
		}
	}

	@Test
	void manyLeasesAreRenewedAtOnce() {
		String held = server.register("batch", "a");
		String lost = server.register("batch", "b");
		server.register("batch", "b");
		Answer answer = server.post(ROOT + "/heartbeats", """
				{"leases":[{"service":"batch","id":"a","token":"%s"},{"service":"batch","id":"b","token":"%s"},
				 {"service":"batch","id":"c","token":"123-00"}]}""".formatted(held, lost));
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.json().path("unknown").toString()).isEqualTo("[{\"service\":\"batch\",\"id\":\"c\"}]");
		assertThat(answer.json().path("superseded").toString()).isEqualTo("[{\"service\":\"batch\",\"id\":\"b\"}]");
		assertThat(answer.json().path("cursor").stringValue()).isNotEmpty();
	}

	@Test
	void anOverrideIsInForceUntilItIsRemoved() {
		server.register("overridden", "a");
		Answer set = server.put(path("overridden", "a") + "/override", "{\"status\":\"OUT_OF_SERVICE\",\"weight\":10}");
		assertThat(set.status()).isEqualTo(200);
		assertThat(set.json().path("cursor").stringValue()).isNotEmpty();
		server.register("overridden", "a");
		assertThat(server.get(ROOT + "/services/overridden").json().at("/instances/0").toString()).contains(
				"\"weight\":10", "\"status\":\"OUT_OF_SERVICE\"",
				"\"override\":{\"status\":\"OUT_OF_SERVICE\",\"weight\":10}");
		assertThat(server.delete(path("overridden", "a") + "/override").status()).isEqualTo(204);
		assertThat(server.get(ROOT + "/services/overridden").json().at("/instances/0").toString())
			.contains("\"weight\":100", "\"status\":\"UP\"")
			.doesNotContain("override\"");
		Answer absent = server.put(path("overridden", "absent") + "/override", "{\"weight\":10}");
		assertThat(absent.status()).isEqualTo(404);
		assertThat(absent.problem()).isEqualTo("unknown-instance");
	}

	@Test
	void aLeaseIsNeededWhereTheHolderSpeaks() {
		for (Answer answer : List.of(server.post(path("x", "a") + "/heartbeat", null), server.delete(path("x", "a")),
				server.put(path("x", "a") + "/status", "{\"status\":\"UP\"}"))) {
			assertThat(answer.status()).isEqualTo(400);
			assertThat(answer.problem()).isEqualTo("missing-lease");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					{"port":8080}                                           | host                | a string
					{"host":"10.0.0.7"}                                     | port                | 0 to 65535
					{"host":"10.0.0.7","port":null}                         | port                | 0 to 65535
					{"host":"10.0.0.7","port":70000}                        | port                | 0 to 65535
					{"host":"10.0.0.7","port":-1}                           | port                | 0 to 65535
					{"host":"10.0.0.7","port":99999999999999}               | port                | 0 to 65535
					{"host":"10.0.0.7","port":"8080"}                       | port                | 0 to 65535
					{"host":"10.0.0.7","port":80.5}                         | port                | 0 to 65535
					{"host":7,"port":8080}                                  | host                | a string
					{"host":"0.0.0.0","port":8080}                          | host                | a DNS name
					{"host":"a b","port":8080}                              | host                | a DNS name
					{"host":"h","port":1,"weight":10001}                    | weight              | 0 to 10000
					{"host":"h","port":1,"secure":"yes"}                    | secure              | true or false
					{"host":"h","port":1,"ttl":"PT1S"}                      | ttl                 | PT3S to PT10M
					{"host":"h","port":1,"ttl":"PT11M"}                     | ttl                 | PT3S to PT10M
					{"host":"h","port":1,"ttl":"15s"}                       | ttl                 | PT3S to PT10M
					{"host":"h","port":1,"ttl":15}                          | ttl                 | PT3S to PT10M
					{"host":"h","port":1,"status":"OUT_OF_SERVICE"}         | status              | one of [STARTING, UP, DRAINING, DOWN]
					{"host":"h","port":1,"status":"up"}                     | status              | one of [STARTING, UP, DRAINING, DOWN]
					{"host":"h","port":1,"locality":"eu"}                   | locality            | an object
					{"host":"h","port":1,"locality":{"zone":"a"}}           | locality.zone       | empty while
					{"host":"h","port":1,"locality":{"region":"a b"}}       | locality.region     | at most 63
					{"host":"h","port":1,"labels":[]}                       | labels              | an object
					{"host":"h","port":1,"labels":{"v":1}}                  | labels[v]           | a string
					{"host":"h","port":1,"labels":{"":"1"}}                 | labels[]            | keys of 1 to 63
					""")
	void aFieldOutOfRangeIsNamedWithWhatIsPermitted(String body, String field, String permitted) {
		Answer answer = server.put(path("bad", "a"), body);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.problem()).isEqualTo("invalid-field");
		assertThat(answer.json().path("field").stringValue()).isEqualTo(field);
		assertThat(answer.json().path("permitted").stringValue()).startsWith(permitted);
		assertThat(answer.json().path("detail").stringValue()).startsWith(field + ": ").contains("(expected: ");
		assertThat(server.get(ROOT + "/services/bad").status()).as("nothing is stored").isEqualTo(404);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			{"hosst":"10.0.0.7","port":8080}                        | hosst               | host
			{"host":"h","port":1,"Weight":1}                        | Weight              | weight
			{"host":"h","port":1,"locality":{"subzone":"a"}}        | locality.subzone    | locality.subZone
			{"host":"h","port":1,"fence":1}                         | fence               |
			{"host":"h","port":1,"colour":"red"}                    | colour              |
			""")
	void anUnknownFieldIsRefusedWithAGuess(String body, String field, String guess) {
		Answer answer = server.put(path("bad", "a"), body);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.problem()).isEqualTo("unknown-field");
		assertThat(answer.json().path("field").stringValue()).isEqualTo(field);
		assertThat(answer.json().path("didYouMean").stringValue(null)).isEqualTo(guess);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "{", "[]", "1", "null", "\"x\"", "{\"host\":\"h\",\"host\":\"i\",\"port\":1}",
			"{\"host\":\"h\",\"port\":1}}", "{\"host\":\"h\",\"port\":1} x", "{'host':'h'}",
			"{\"labels\":{\"a\":[[[[[[[[[[]]]]]]]]]]}}" })
	void aBodyThatIsNoJsonObjectIsMalformed(String body) {
		Answer answer = server.put(path("bad", "a"), body);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.problem()).isEqualTo("malformed-body");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/v1/namespaces/Default/services/s/instances/i",
			"/v1/namespaces/default/services/A_B/instances/i", "/v1/namespaces/default/services/s/instances/%20i",
			"/v1/namespaces/default/services/s/instances/a%2Fb", "/v1/namespaces/default/services/s%00/instances/i",
			"/v1/namespaces/default/services/s/instances/%C3%BC" })
	void aNameThatIsNotPermittedIsRefused(String path) {
		Answer answer = server.put(path, BODY);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.problem()).isEqualTo("invalid-field");
		assertThat(answer.json().path("field").stringValue()).isIn("namespace", "service", "id");
	}

	@Test
	void tooLargeIsRefused() {
		String large = "{\"host\":\"" + "h".repeat(Instance.MAX_JSON_BYTES) + "\",\"port\":8080}";
		Answer answer = server.put(path("bad", "a"), large);
		assertThat(answer.status()).isEqualTo(413);
		assertThat(answer.problem()).isEqualTo("body-too-large");
		Answer batch = server.post(ROOT + "/heartbeats", " ".repeat(1024 * 1024 + 1));
		assertThat(batch.status()).isEqualTo(413);
	}

	@ParameterizedTest
	@CsvSource({ "x, 1", "\u00e4, 2", "\u20ac, 3", "\\u00e4, 2", "\\u20ac, 3", "\\u0020, 1", "\\u0000, 1" })
	void theLargestPermittedInstanceIsRegisteredHoweverItIsWritten(String written, int bytes) {
		String metadata = entries(written.repeat(Names.MAX_METADATA / bytes));
		String labels = entries(written.repeat(Names.MAX_LABEL / bytes));
		String body = "{\"host\":\"%s\",\"port\":8080,\"labels\":{%s},\"metadata\":{%s}}".formatted("10.0.0.7", labels,
				metadata);
		Answer registered = server.put(path("largest", "a"), body);
		assertThat(registered.status()).isEqualTo(201);
		assertThat(server.get(ROOT + "/services/largest").json().at("/instances/0/metadata").size())
			.isEqualTo(Names.MAX_ENTRIES);
		server.delete(path("largest", "a"), "Mesh-Lease", registered.json().at("/lease/token").stringValue());
		String more = body.replace(entry(0, written.repeat(Names.MAX_METADATA / bytes)),
				entry(0, written.repeat(Names.MAX_METADATA / bytes + 1)));
		Answer refused = server.put(path("larger", "a"), more);
		assertThat(refused.status()).isEqualTo(400);
		assertThat(refused.json().path("field").stringValue()).startsWith("metadata[");
		assertThat(refused.json().path("detail").stringValue()).contains("1024 bytes of UTF-8");
	}

	private static String entries(String value) {
		return IntStream.range(0, Names.MAX_ENTRIES).mapToObj((i) -> entry(i, value)).collect(Collectors.joining(","));
	}

	private static String entry(int i, String value) {
		return "\"%s\":\"%s\"".formatted("k".repeat(61) + (10 + i), value);
	}

	@Test
	void anotherContentTypeIsRefused() {
		Answer answer = server.put(path("bad", "a"), BODY, "Content-Type", "text/plain");
		assertThat(answer.status()).isEqualTo(415);
		assertThat(answer.problem()).isEqualTo("unsupported-media-type");
		assertThat(server.put(path("bad", "a"), BODY, "Content-Type", "json").problem())
			.isEqualTo("unsupported-media-type");
		assertThat(server.put(path("charset", "a"), BODY, "Content-Type", "application/json;charset=UTF-8").status())
			.isEqualTo(201);
	}

	@Test
	void whatCannotBeAcceptedIsNotAnswered() {
		Answer answer = server.get(ROOT + "/services", "Accept", "text/html");
		assertThat(answer.status()).isEqualTo(406);
		assertThat(answer.problem()).isEqualTo("not-acceptable");
		assertThat(server.get(ROOT + "/services", "Accept", "json").problem()).isEqualTo("not-acceptable");
		assertThat(server.get(ROOT + "/services", "Accept", "application/json;q=0").status()).isEqualTo(406);
		assertThat(server.get(ROOT + "/services", "Accept", "text/html, application/*;q=0.1").status()).isEqualTo(200);
	}

	@Test
	void anotherMethodIsRefusedWithThoseThatWork() {
		Answer answer = server.post(path("bad", "a"), BODY);
		assertThat(answer.status()).isEqualTo(405);
		assertThat(answer.problem()).isEqualTo("method-not-allowed");
		assertThat(answer.header("Allow").split(",\\s*")).containsExactlyInAnyOrder("PUT", "DELETE", "OPTIONS");
	}

	@Test
	void anotherPathIsNotFound() {
		Answer answer = server.get("/v1/namespaces/default/instances");
		assertThat(answer.status()).isEqualTo(404);
		assertThat(answer.problem()).isEqualTo("not-found");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			{"leases":[]}                                             | leases
			{}                                                        | leases
			{"leases":{}}                                             | leases
			{"leases":[1]}                                            | leases[0]
			{"leases":[{"service":"a","id":"b"}]}                     | leases[0].token
			{"leases":[{"service":"A","id":"b","token":"c"}]}         | leases[0].service
			{"leases":[{"service":"a","id":"b","token":""}]}          | leases[0].token
			""")
	void aBatchThatIsNotInOrderIsRefused(String body, String field) {
		Answer answer = server.post(ROOT + "/heartbeats", body);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.problem()).isEqualTo("invalid-field");
		assertThat(answer.json().path("field").stringValue()).isEqualTo(field);
	}

	@Test
	void aBatchOfMoreThanAThousandIsRefused() {
		String lease = "{\"service\":\"a\",\"id\":\"b\",\"token\":\"c\"}";
		Answer answer = server.post(ROOT + "/heartbeats", "{\"leases\":[" + (lease + ",").repeat(1000) + lease + "]}");
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.json().path("permitted").stringValue()).isEqualTo("1 to 1000 objects");
		Answer thousand = server.post(ROOT + "/heartbeats", "{\"leases\":[" + (lease + ",").repeat(999) + lease + "]}");
		assertThat(thousand.status()).isEqualTo(200);
	}

	@Test
	void aRegistrationWhoseAnswerWasLostIsRepeated() {
		String incarnation = "0123456789abcdef".repeat(2);
		Answer first = server.put(path("lost", "a"), BODY, "Mesh-Incarnation", incarnation);
		Answer again = server.put(path("lost", "a"), BODY, "Mesh-Incarnation", incarnation);
		assertThat(first.status()).isEqualTo(201);
		assertThat(again.status()).isEqualTo(200);
		assertThat(again.json().path("lease")).isEqualTo(first.json().path("lease"));
		Answer refused = server.put(path("lost", "a"), BODY, "Mesh-Incarnation", "short");
		assertThat(refused.problem()).isEqualTo("invalid-field");
		assertThat(refused.json().path("field").stringValue()).isEqualTo("Mesh-Incarnation");
	}

	@Test
	void aTokenThatIsTooLongIsRefused() {
		Answer answer = server.post(path("bad", "a") + "/heartbeat", null, "Mesh-Lease", "1-" + "a".repeat(200));
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.json().path("field").stringValue()).isEqualTo("token");
	}

	@Test
	void aHeartbeatInANamespaceThatIsNotThereIsOfAnUnknownLease() {
		Answer answer = server.post("/v1/namespaces/never-there/services/a/instances/b/heartbeat", null, "Mesh-Lease",
				"1-a");
		assertThat(answer.status()).isEqualTo(404);
		assertThat(answer.problem()).isEqualTo("unknown-lease");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"status\":\"UP\"}", "{\"weight\":-1}", "{\"weight\":10001}" })
	void anOverrideThatSaysNothingPermittedIsRefused(String body) {
		server.register("target", "a");
		Answer answer = server.put(path("target", "a") + "/override", body);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.problem()).isEqualTo("invalid-field");
	}

	@Test
	void aStatusMustBeSaid() {
		String token = server.register("said", "a");
		Answer answer = server.put(path("said", "a") + "/status", "{}", "Mesh-Lease", token);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.json().path("field").stringValue()).isEqualTo("status");
		assertThat(server.put(path("said", "a") + "/status", "{\"status\":\"DRAINING\"}", "Mesh-Lease", token).status())
			.isEqualTo(200);
	}

	@Test
	void whenLeaseExpiresInstanceIsEvicted() {
		server.register("expired", "a");
		String kept = server.register("expired", "b");
		for (int second = 0; second < 18; second++) {
			time.forward(Duration.ofSeconds(1));
			server.post(path("expired", "b") + "/heartbeat", null, "Mesh-Lease", kept);
		}
		assertThat(server.get(ROOT + "/services/expired").json().findValuesAsString("id")).containsExactly("b");
	}

	private void superseded(Answer answer) {
		assertThat(answer.status()).isEqualTo(409);
		assertThat(answer.problem()).isEqualTo("superseded");
	}

	private static long revision(Answer answer) {
		String cursor = answer.json().path("cursor").stringValue();
		return Long.parseLong(cursor.substring(cursor.lastIndexOf('.') + 1));
	}

	private static String path(String service, String id) {
		return ROOT + "/services/" + service + "/instances/" + id;
	}

}
