package io.redmesh.registry.catalog;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Cursor;
import io.redmesh.registry.store.FeedEvent.Departure;
import io.redmesh.registry.store.InstanceOverride;
import io.redmesh.registry.store.OverrideEntry;
import io.redmesh.registry.store.StoredInstance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of instances and changes in JSON, read back by a parser. */
class InstanceWriterTests {

	private static final JsonMapper PARSER = JsonMapper
		.builder(JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
		.build();

	private static final List<String> HOSTILE = List.of("", "\"", "\\", "\n\n", "\r", "\t", "\u0000", "\u001f",
			"\u007f", "\u2028\u2029", "é", "\uD83D\uDE00", "</script>", "{}", "data: x");

	private static final InstanceOverride OUT = new InstanceOverride(Status.OUT_OF_SERVICE, 7);

	private static final Instance PLAIN = Instance.of("orders", "a", "10.0.0.7", 8080).withFence(5);

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5 })
	void whatIsWrittenIsReadBack(long seed) {
		Random random = new Random(seed);
		for (int i = 0; i < 300; i++) {
			StoredInstance stored = new StoredInstance(instance(random), override(random), Duration.ofSeconds(15),
					"1-x", new Cursor("l", 1, 1));
			JsonNode effective = parse(InstanceWriter.write(stored));
			assertBody(effective, stored.effective());
			assertOverride(effective.path("override"), stored.override());
			assertThat(effective.path("suspect").booleanValue(false)).isEqualTo(stored.own().suspect());
			JsonNode own = parse(InstanceWriter.writeOwn(stored));
			assertBody(own, stored.own());
			assertOverride(own.path("override"), stored.override());
		}
	}

	@Test
	void anOverrideChangesTheEffectiveInstanceAndNotItsOwn() {
		StoredInstance stored = new StoredInstance(PLAIN, OUT, Duration.ofSeconds(90), "1-x", new Cursor("l", 1, 1));
		JsonNode effective = parse(InstanceWriter.write(stored));
		assertThat(effective.path("status").stringValue()).isEqualTo("OUT_OF_SERVICE");
		assertThat(effective.path("weight").intValue()).isEqualTo(7);
		JsonNode own = parse(InstanceWriter.writeOwn(stored));
		assertThat(own.path("status").stringValue()).isEqualTo("UP");
		assertThat(own.path("weight").intValue()).isEqualTo(100);
		assertThat(own.path("ttl").stringValue()).isEqualTo("PT1M30S");
		assertThat(effective.path("override")).isEqualTo(own.path("override"));
	}

	@Test
	void theTokenOfALeaseIsNeverWritten() {
		StoredInstance stored = new StoredInstance(PLAIN, OUT, Duration.ofSeconds(15), "5-secret",
				new Cursor("l", 1, 1));
		assertThat(text(InstanceWriter.write(stored)) + text(InstanceWriter.writeOwn(stored))).doesNotContain("secret",
				"token");
	}

	@Test
	void whatDoesNotApplyIsLeftOut() {
		JsonNode plain = parse(InstanceWriter.write(CatalogFixture.stored(PLAIN, new Cursor("l", 1, 1))));
		assertThat(plain.propertyNames()).containsExactly("service", "id", "host", "port", "secure", "weight",
				"locality", "labels", "metadata", "status", "fence");
		JsonNode suspect = parse(
				InstanceWriter.write(CatalogFixture.stored(PLAIN.withSuspect(true), new Cursor("l", 1, 1))));
		assertThat(suspect.propertyNames()).contains("suspect").doesNotContain("override");
	}

	@Test
	void labelsAreWrittenInOrderOfTheirKeys() {
		Map<String, String> labels = new HashMap<>();
		for (int i = 0; i < 32; i++) {
			labels.put("k" + i, "v");
		}
		byte[] json = InstanceWriter.write(CatalogFixture.stored(PLAIN.withLabels(labels), new Cursor("l", 1, 1)));
		assertThat(parse(json).path("labels").propertyNames())
			.containsExactlyElementsOf(new TreeMap<>(labels).keySet());
	}

	@Test
	void anOverrideWithoutAnInstanceIsWrittenByItself() {
		JsonNode both = parse(InstanceWriter.write(new OverrideEntry("orders", "a", OUT)));
		assertThat(both).isEqualTo(PARSER.readTree("{\"service\":\"orders\",\"id\":\"a\",\"override\":{\"status\":"
				+ "\"OUT_OF_SERVICE\",\"weight\":7}}"));
		JsonNode zero = parse(InstanceWriter.write(new OverrideEntry("orders", "a", new InstanceOverride(null, 0))));
		assertThat(zero.path("override").propertyNames()).containsExactly("weight");
		assertThat(zero.at("/override/weight").intValue(-1)).isZero();
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void aChangeHoldsTheWholeInstance(long seed) {
		Random random = new Random(seed);
		for (int i = 0; i < 100; i++) {
			StoredInstance stored = new StoredInstance(instance(random), override(random), Duration.ofSeconds(15),
					"1-x", new Cursor("l", 1, 1));
			CatalogInstance instance = CatalogInstance.of(stored, 1);
			JsonNode change = parse(Change.put(7, instance).json());
			assertThat(change.propertyNames()).containsExactly("service", "id", "instance");
			assertThat(change.path("service").stringValue()).isEqualTo(stored.own().service());
			assertThat(change.path("id").stringValue()).isEqualTo(stored.own().id());
			assertThat(change.path("instance")).isEqualTo(PARSER.readTree(instance.json()));
		}
	}

	@Test
	void aRemovalNamesItsReason() {
		for (Departure reason : Departure.values()) {
			JsonNode change = parse(Change.gone(7, "orders", "a", reason).json());
			assertThat(change.propertyNames()).containsExactly("service", "id", "gone");
			assertThat(change.path("gone").stringValue()).isEqualTo(reason.name());
		}
		assertThat(parse(Change.gone(7, "orders", "a", null).json()).path("gone").stringValue())
			.isEqualTo("DEREGISTERED");
	}

	private static void assertBody(JsonNode json, Instance instance) {
		assertThat(json.path("service").stringValue()).isEqualTo(instance.service());
		assertThat(json.path("id").stringValue()).isEqualTo(instance.id());
		assertThat(json.path("host").stringValue()).isEqualTo(instance.host());
		assertThat(json.path("port").intValue()).isEqualTo(instance.port());
		assertThat(json.path("secure").booleanValue()).isEqualTo(instance.secure());
		assertThat(json.path("weight").intValue()).isEqualTo(instance.weight());
		assertThat(json.at("/locality/region").stringValue()).isEqualTo(instance.locality().region());
		assertThat(json.at("/locality/zone").stringValue()).isEqualTo(instance.locality().zone());
		assertThat(json.at("/locality/subZone").stringValue()).isEqualTo(instance.locality().subZone());
		assertThat(entries(json.path("labels"))).isEqualTo(instance.labels());
		assertThat(entries(json.path("metadata"))).isEqualTo(instance.metadata());
		assertThat(json.path("status").stringValue()).isEqualTo(instance.status().name());
		assertThat(json.path("fence").longValue()).isEqualTo(instance.fence());
	}

	private static void assertOverride(JsonNode json, InstanceOverride override) {
		assertThat(json.isMissingNode()).isEqualTo(override == null);
		if (override != null) {
			assertThat(json.path("status").stringValue(null))
				.isEqualTo((override.status() != null) ? override.status().name() : null);
			assertThat(json.has("weight")).isEqualTo(override.weight() != null);
			assertThat(json.path("weight").intValue(-1))
				.isEqualTo((override.weight() != null) ? override.weight() : -1);
		}
	}

	private static Map<String, String> entries(JsonNode json) {
		Map<String, String> entries = new HashMap<>();
		json.propertyNames().forEach((name) -> entries.put(name, json.path(name).stringValue()));
		return entries;
	}

	/** Parses JSON that must fit on one line, as a frame of a watch needs it. */
	private static JsonNode parse(byte[] json) {
		assertThat(text(json)).doesNotContain("\n", "\r");
		return PARSER.readTree(json);
	}

	private static String text(byte[] json) {
		return new String(json, StandardCharsets.UTF_8);
	}

	private static Instance instance(Random random) {
		Locality locality = switch (random.nextInt(4)) {
			case 0 -> Locality.UNKNOWN;
			case 1 -> new Locality("eu-west", "", "");
			case 2 -> new Locality("eu-west", "b", "");
			default -> new Locality("eu-west", "b", "rack_7");
		};
		List<String> hosts = List.of("10.0.0.7", "fe80::1", "host.example", "h");
		return new Instance("s" + random.nextInt(9), "i:" + random.nextInt(9), hosts.get(random.nextInt(hosts.size())),
				random.nextInt(65_536), random.nextBoolean(), random.nextInt(10_001), locality, randomEntries(random),
				randomEntries(random), Status.values()[random.nextInt(4)], random.nextLong(1L << 53),
				random.nextBoolean());
	}

	private static Map<String, String> randomEntries(Random random) {
		Map<String, String> entries = new HashMap<>();
		for (int i = random.nextInt(6); i > 0; i--) {
			List<String> parts = new ArrayList<>();
			for (int part = random.nextInt(4); part > 0; part--) {
				parts.add(HOSTILE.get(random.nextInt(HOSTILE.size())));
			}
			entries.put("k/" + random.nextInt(100), String.join("", parts));
		}
		return entries;
	}

	private static InstanceOverride override(Random random) {
		return switch (random.nextInt(4)) {
			case 0 -> new InstanceOverride(Status.OUT_OF_SERVICE, null);
			case 1 -> new InstanceOverride(null, random.nextInt(10_001));
			case 2 -> OUT;
			default -> null;
		};
	}

}
