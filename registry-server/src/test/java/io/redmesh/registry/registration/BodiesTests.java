package io.redmesh.registry.registration;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import io.redmesh.registry.json.Json;
import io.redmesh.registry.rest.ProblemException;
import io.redmesh.registry.store.Backup;
import io.redmesh.registry.store.InstanceOverride;
import io.redmesh.registry.store.LeaseKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tests of each limit of a body in {@code docs/reference/rest.md}, at it and beyond. */
class BodiesTests {

	private static final LeaseProperties LEASES = new LeaseProperties(Duration.ofSeconds(15), Duration.ofSeconds(3),
			Duration.ofMinutes(10));

	private static final String A63 = "a".repeat(63);

	// Four labels of a name, as long as a host may be.
	private static final String HOST = A63 + "." + A63 + "." + A63 + "." + "a".repeat(61);

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			port     | -1        | 0           | 65535       | 65536
			weight   | -1        | 0           | 10000       | 10001
			ttl      | "PT2.9S"  | "PT3S"      | "PT10M"     | "PT10M1S"
			fence    | -1        | 0           | 999999999999999 | 1000000000000000
			""")
	void numberMayBeAtEachOfItsLimits(String field, String below, String min, String max, String above) {
		for (String permitted : List.of(min, max)) {
			assertThat(backup(field, permitted).instance()).isNotNull();
		}
		for (String refused : List.of(below, above)) {
			assertInvalid(field, () -> backup(field, refused));
		}
	}

	@Test
	void hostMayHave253CharactersAndLabelsOf63() {
		assertThat(backup("host", quoted(HOST)).instance().host()).hasSize(253);
		assertInvalid("host", () -> backup("host", quoted(HOST + "a")));
		assertInvalid("host", () -> backup("host", quoted(A63 + "a.a")));
		for (String refused : List.of("", "0.0.0.0", "::", "255.255.255.255", "[::1]", "a_b", "-a", "a..b", "256.1.1.1",
				"a:b", "h:80")) {
			assertInvalid("host", () -> backup("host", quoted(refused)));
		}
	}

	@Test
	void stepOfALocalityMayHave63Characters() {
		String longest = "{\"region\":\"%s\",\"zone\":\"%s\",\"subZone\":\"%s\"}";
		assertThat(backup("locality", longest.formatted(A63, A63, A63)).instance().locality())
			.isEqualTo(new Locality(A63, A63, A63));
		assertInvalid("locality.region", () -> backup("locality", longest.formatted(A63 + "a", "", "")));
		assertInvalid("locality.zone", () -> backup("locality", longest.formatted("a", A63 + "a", "")));
		assertInvalid("locality.subZone", () -> backup("locality", longest.formatted("a", "a", A63 + "a")));
		assertInvalid("locality.zone", () -> backup("locality", longest.formatted("", "a", "")));
		assertInvalid("locality.subZone", () -> backup("locality", longest.formatted("a", "", "a")));
		assertThat(backup("locality", "{\"region\":null}").instance().locality()).isEqualTo(Locality.UNKNOWN);
	}

	@ParameterizedTest
	@ValueSource(strings = { "labels", "metadata" })
	void thereMayBe32EntriesWithKeysOf63Characters(String field) {
		assertThat(backup(field, entries(32))).isNotNull();
		assertInvalid(field, () -> backup(field, entries(33)));
		assertThat(backup(field, "{\"" + A63 + "\":\"\"}")).isNotNull();
		for (String key : List.of(A63 + "a", "", "a b", ".a", "a:b", "\u00fc")) {
			assertInvalid(field + "[" + key + "]", () -> backup(field, "{\"" + key + "\":\"\"}"));
		}
	}

	private static String entries(int count) {
		return IntStream.range(0, count)
			.mapToObj((i) -> "\"k" + i + "\":\"\"")
			.collect(Collectors.joining(",", "{", "}"));
	}

	@ParameterizedTest
	@CsvSource({ "labels, 128, a, 1", "labels, 128, \u00fc, 2", "labels, 128, \u20ac, 3",
			"labels, 128, \ud83d\ude00, 4", "metadata, 1024, a, 1", "metadata, 1024, \u00fc, 2",
			"metadata, 1024, \u20ac, 3", "metadata, 1024, \ud83d\ude00, 4" })
	void valueOfAnEntryIsLimitedInBytesOfUtf8(String field, int max, String character, int bytes) {
		String longest = character.repeat(max / bytes) + "a".repeat(max % bytes);
		assertThat(backup(field, "{\"k\":\"" + longest + "\"}")).isNotNull();
		assertInvalid(field + "[k]", () -> backup(field, "{\"k\":\"" + longest + "a\"}"));
	}

	@Test
	void halfOfASurrogatePairIsRefusedByTheNameOfItsEntry() {
		assertInvalid("labels[k]", () -> backup("labels", "{\"k\":\"\\ud800\"}"));
		assertInvalid("metadata[k]", () -> backup("metadata", "{\"k\":\"a\\udc00b\"}"));
	}

	@Test
	void namesInABatchAreLimitedAsElsewhere() {
		String id = "i".repeat(128);
		String token = "t".repeat(200);
		assertThat(Bodies.heartbeats(lease(A63, id, token))).containsExactly(new LeaseKey(A63, id, token));
		assertInvalid("leases[0].service", () -> Bodies.heartbeats(lease(A63 + "a", id, token)));
		assertInvalid("leases[0].id", () -> Bodies.heartbeats(lease(A63, id + "i", token)));
		assertInvalid("leases[0].token", () -> Bodies.heartbeats(lease(A63, id, token + "t")));
	}

	@Test
	void leasesOfABatchKeepTheirOrder() {
		String leases = IntStream.range(0, 1000)
			.mapToObj((i) -> "{\"service\":\"s\",\"id\":\"i%d\",\"token\":\"t%d\"}".formatted(i, i))
			.collect(Collectors.joining(",", "{\"leases\":[", "]}"));
		assertThat(Bodies.heartbeats(bytes(leases))).hasSize(1000)
			.extracting(LeaseKey::id)
			.startsWith("i0", "i1", "i2")
			.endsWith("i999");
		assertInvalid("leases", () -> Bodies
			.heartbeats(bytes(leases.replace("]}", ",{\"service\":\"s\",\"id\":\"i\",\"token\":\"t\"}]}"))));
	}

	@Test
	void missingFieldsHaveTheirDefaults() {
		Bodies.Registration read = Bodies.registration("orders", "a", bytes("{\"host\":\"h\",\"port\":1}"), LEASES);
		assertThat(read.instance()).isEqualTo(Instance.of("orders", "a", "h", 1));
		assertThat(read.ttl()).isEqualTo(Duration.ofSeconds(15));
	}

	@ParameterizedTest
	@EnumSource(Status.class)
	void instanceMaySetEachStatusButThatOfAnOperator(Status status) {
		byte[] body = bytes("{\"status\":\"" + status + "\"}");
		if (status == Status.OUT_OF_SERVICE) {
			assertInvalid("status", () -> Bodies.status(body));
			assertInvalid("status", () -> Bodies.heartbeat(body));
			assertThat(Bodies.override(body)).isEqualTo(new InstanceOverride(status, null));
		}
		else {
			assertThat(Bodies.status(body)).isEqualTo(status);
			assertThat(Bodies.heartbeat(body)).isEqualTo(new Bodies.Heartbeat(status, null));
			assertThat(backup("status", quoted(status.name())).instance().status()).isEqualTo(status);
			assertInvalid("status", () -> Bodies.override(body));
		}
	}

	@Test
	void heartbeatMayBeEmptyButAStatusMustBeNamed() {
		Bodies.Heartbeat empty = new Bodies.Heartbeat(null, null);
		assertThat(Bodies.heartbeat(new byte[0])).isEqualTo(empty);
		assertThat(Bodies.heartbeat(bytes("{}"))).isEqualTo(empty);
		assertThat(Bodies.heartbeat(bytes("{\"status\":null,\"rules\":null}"))).isEqualTo(empty);
		assertThat(Bodies.heartbeat(bytes("{\"rules\":\"17\"}"))).isEqualTo(new Bodies.Heartbeat(null, "17"));
		for (String revision : List.of("", "x", "-1", "1".repeat(19))) {
			assertInvalid("rules", () -> Bodies.heartbeat(bytes("{\"rules\":\"" + revision + "\"}")));
		}
		assertInvalid("status", () -> Bodies.status(bytes("{}")));
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> Bodies.status(new byte[0]));
	}

	@Test
	void lineWithoutAHostIsAnOverrideAndNothingElse() {
		Backup line = Bodies.backup(bytes("{\"service\":\"s\",\"id\":\"i\",\"host\":null,\"override\":{\"weight\":0}}"),
				LEASES);
		assertThat(line).isEqualTo(new Backup("s", "i", null, LEASES.ttl(), new InstanceOverride(null, 0)));
		assertInvalid("host", () -> Bodies.backup(bytes("{\"service\":\"s\",\"id\":\"i\"}"), LEASES));
		assertInvalid("status", () -> Bodies.backup(bytes("{\"service\":\"s\",\"id\":\"i\",\"override\":{}}"), LEASES));
		assertThat(backup("fence", "null").instance().fence()).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "weight, wieght, 1", "override, overide, {}", "override.status, override.state, 1", "ttl, tll, 1" })
	void misspeltFieldOfABackupIsRefusedWithItsPlace(String meant, String written, String value) {
		int dot = written.indexOf('.');
		String name = (dot < 0) ? written : written.substring(0, dot);
		String body = (dot < 0) ? value : "{\"" + written.substring(dot + 1) + "\":1}";
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> backup(name, body)).satisfies((ex) -> {
			assertThat(ex.problem().extensions().get("field")).isEqualTo(written);
			assertThat(ex.problem().extensions().get("didYouMean")).isEqualTo(meant);
		});
	}

	@Test
	void randomInstancesAreReadAsTheyWereWritten() {
		Random random = new Random(21);
		for (int i = 0; i < 1_000; i++) {
			Instance instance = instance(random);
			Duration ttl = Duration.ofMillis(3_000 + random.nextInt(597_000));
			InstanceOverride override = (random.nextInt(3) == 0) ? new InstanceOverride(null, random.nextInt(10_001))
					: null;
			Map<String, Object> line = new TreeMap<>(Map.of("service", instance.service(), "id", instance.id(), "host",
					instance.host(), "port", instance.port(), "secure", instance.secure(), "weight", instance.weight(),
					"labels", instance.labels(), "metadata", instance.metadata(), "ttl", ttl.toString()));
			line.put("locality", instance.locality());
			line.put("status", instance.status());
			line.put("fence", instance.fence());
			if (override != null) {
				line.put("override", Map.of("weight", override.weight()));
			}
			assertThat(Bodies.backup(Json.mapper().writeValueAsBytes(line), LEASES))
				.isEqualTo(new Backup(instance.service(), instance.id(), instance, ttl, override));
		}
	}

	private static Instance instance(Random random) {
		List<Status> statuses = List.of(Status.UP, Status.STARTING, Status.DRAINING, Status.DOWN);
		Locality locality = switch (random.nextInt(3)) {
			case 0 -> Locality.UNKNOWN;
			case 1 -> new Locality("eu", "", "");
			default -> new Locality("eu", "a.b_c", "r-1");
		};
		return new Instance("s" + random.nextInt(9), "i:" + random.nextInt(9), "10.0.0." + random.nextInt(256),
				random.nextInt(65_536), random.nextBoolean(), random.nextInt(10_001), locality,
				Collections.singletonMap("l/" + random.nextInt(9), text(random, 30)),
				IntStream.range(0, random.nextInt(33))
					.boxed()
					.collect(Collectors.toMap((i) -> "m" + i, (i) -> text(random, 250))),
				statuses.get(random.nextInt(4)), random.nextInt(1_000_000));
	}

	private static String text(Random random, int length) {
		int[] points = { 'a', '"', '\\', '\n', 0, 0x7f, 0xfc, 0x20ac, 0x2028, 0x1f600, '{', '/' };
		return random.ints(random.nextInt(length), 0, points.length)
			.map((i) -> points[i])
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
	}

	private static Backup backup(String field, String value) {
		Map<String, String> fields = new TreeMap<>(
				Map.of("service", "\"orders\"", "id", "\"a\"", "host", "\"h\"", "port", "8080"));
		fields.put(field, value);
		String line = fields.entrySet()
			.stream()
			.map((entry) -> quoted(entry.getKey()) + ":" + entry.getValue())
			.collect(Collectors.joining(",", "{", "}"));
		return Bodies.backup(bytes(line), LEASES);
	}

	private static byte[] lease(String service, String id, String token) {
		return bytes(
				"{\"leases\":[{\"service\":\"%s\",\"id\":\"%s\",\"token\":\"%s\"}]}".formatted(service, id, token));
	}

	private static String quoted(String text) {
		return "\"" + text + "\"";
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static void assertInvalid(String field, Runnable reading) {
		assertThatExceptionOfType(InvalidValueException.class).isThrownBy(reading::run)
			.satisfies((ex) -> assertThat(ex.field()).isEqualTo(field));
	}

}
