package io.redmesh.registry.store.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Names;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Cursor;
import io.redmesh.registry.store.Backup;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.InstanceOverride;
import io.redmesh.registry.store.OverrideEntry;
import io.redmesh.registry.store.Remembered;
import io.redmesh.registry.store.StoredInstance;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the form of instances in Redis, with random and with the largest instances.
 */
class InstanceCodecTests {

	private static final Cursor HEAD = new Cursor("lineage", 9, 99);

	@Test
	void randomInstancesAreReadAsTheyWereWritten() {
		Random random = new Random(41);
		for (int i = 0; i < 1_000; i++) {
			StoredInstance stored = stored(random);
			String override = (stored.override() != null) ? InstanceCodec.write(stored.override()) : "";
			String key = InstanceCodec.keyOf(stored.own().service(), stored.own().id());
			assertThat(InstanceCodec.read(key, value(stored), override, HEAD)).isEqualTo(stored);
		}
	}

	@Test
	void sameInstanceHasTheSameTextInWhateverOrderItsEntriesAre() {
		Random random = new Random(42);
		for (int i = 0; i < 300; i++) {
			Instance instance = stored(random).own();
			String text = InstanceCodec.write(instance);
			assertThat(InstanceCodec.write(instance.withLabels(shuffled(instance.labels(), random)))).isEqualTo(text);
			assertThat(InstanceCodec.write(instance.withFence(7).withSuspect(true).withStatus(Status.DOWN)))
				.as("what is stored apart is no part of the text")
				.isEqualTo(text);
			assertThat(InstanceCodec.write(instance.withWeight(instance.weight() ^ 1))).isNotEqualTo(text);
		}
	}

	@Test
	void largestPermittedInstanceIsReadAsItWasWritten() {
		for (String character : List.of("\"", "\\", "\u0000", "\u20ac", "\ud83d\ude00")) {
			int bytes = character.getBytes(StandardCharsets.UTF_8).length;
			Instance instance = new Instance("a".repeat(63), "i".repeat(128), "h".repeat(63), 65_535, true, 10_000,
					new Locality("r".repeat(63), "z".repeat(63), "s".repeat(63)),
					entries(character.repeat(Names.MAX_LABEL / bytes)),
					entries(character.repeat(Names.MAX_METADATA / bytes)), Status.UP, 999_999_999_999_999L);
			StoredInstance stored = new StoredInstance(instance, null, Duration.ofMinutes(10), "1-x", HEAD);
			String key = InstanceCodec.keyOf(instance.service(), instance.id());
			assertThat(InstanceCodec.read(key, value(stored), null, HEAD)).isEqualTo(stored);
		}
	}

	private static Map<String, String> entries(String value) {
		return IntStream.range(10, 10 + Names.MAX_ENTRIES)
			.boxed()
			.collect(Collectors.toMap((i) -> "k".repeat(61) + i, (i) -> value));
	}

	@Test
	void keyKeepsServiceAndIdApart() {
		assertThat(InstanceCodec.keyOf("a.b-c", "d:e_f")).isEqualTo("a.b-c|d:e_f");
		assertThat(InstanceCodec.serviceOf("a.b-c|d:e_f")).isEqualTo("a.b-c");
		assertThat(InstanceCodec.idOf("a.b-c|d:e_f")).isEqualTo("d:e_f");
	}

	@Test
	void fieldsOfANewerServerAreIgnored() {
		String value = """
				{"fence":1,"ttl":15000,"at":"2-3","suspect":0,"token":"1-x","status":"UP","newer":[1],"instance":
				{"host":"h","port":1,"secure":false,"weight":100,"locality":{"region":"","zone":"","subZone":"","x":1},
				"labels":{},"metadata":{},"newer":{}}}""";
		assertThat(InstanceCodec.read("s|i", value, "{\"weight\":3,\"newer\":1}", HEAD))
			.isEqualTo(new StoredInstance(Instance.of("s", "i", "h", 1).withFence(1), new InstanceOverride(null, 3),
					Duration.ofSeconds(15), "1-x", new Cursor("lineage", 2, 3)));
	}

	@Test
	void suspectIsAnyInstanceWithATimeSinceWhichItIsOne() {
		StoredInstance stored = new StoredInstance(Instance.of("s", "i", "h", 1), null, Duration.ofSeconds(15), "",
				HEAD);
		String value = value(stored);
		assertThat(InstanceCodec.read("s|i", value, null, HEAD).own().suspect()).isFalse();
		assertThat(InstanceCodec.read("s|i", value.replace("\"suspect\":0", "\"suspect\":1790000000000"), null, HEAD)
			.own()
			.suspect()).isTrue();
	}

	@Test
	void overridesAreListedUnlessTheyAreEmpty() {
		Map<String, String> hash = new LinkedHashMap<>();
		hash.put("orders|a:1", InstanceCodec.write(new InstanceOverride(Status.OUT_OF_SERVICE, null)));
		hash.put("orders|b", "");
		hash.put("stock|a:1", InstanceCodec.write(new InstanceOverride(Status.OUT_OF_SERVICE, 0)));
		assertThat(InstanceCodec.overridden(hash)).containsExactly(
				new OverrideEntry("orders", "a:1", new InstanceOverride(Status.OUT_OF_SERVICE, null)),
				new OverrideEntry("stock", "a:1", new InstanceOverride(Status.OUT_OF_SERVICE, 0)));
	}

	@Test
	void argumentsOfScriptsAreInTheOrderThatTheyRead() {
		Instance own = Instance.of("orders", "a", "h", 1).withFence(7).withStatus(Status.DRAINING);
		InstanceOverride override = new InstanceOverride(null, 3);
		Cursor changed = new Cursor("lineage", 8, 5);
		StoredInstance stored = new StoredInstance(own, override, Duration.ofSeconds(15), "7-x", changed);
		List<Remembered> remembered = List.of(new Remembered.Left(new Incarnation("stock", "b", 6), changed.at(4)),
				new Remembered.Held(stored));
		assertThat(InstanceCodec.write(9, remembered)).containsExactly("9", "left", "stock|b", "6", "8", "4", "held",
				"orders|a", "7", "8", "5", "15000", "7-x", "DRAINING", InstanceCodec.write(own),
				InstanceCodec.write(override));
		List<Backup> backups = List.of(new Backup("orders", "a", own, Duration.ofSeconds(3), null),
				new Backup("orders", "b", null, Duration.ofSeconds(15), override));
		assertThat(InstanceCodec.write(backups)).containsExactly("orders|a", "7", "3000", "DRAINING",
				InstanceCodec.write(own), "", "orders|b", "", "15000", "", "", InstanceCodec.write(override));
	}

	/** Writes a value of the hash of instances, as {@code lease.lua} does. */
	static String value(StoredInstance stored) {
		return """
				{"fence":%d,"ttl":%d,"at":"%d-%d","suspect":%d,"token":"%s","status":"%s","instance":%s}""".formatted(
				stored.own().fence(), stored.ttl().toMillis(), stored.changed().epoch(), stored.changed().revision(),
				stored.own().suspect() ? 5 : 0, stored.token(), stored.own().status(),
				InstanceCodec.write(stored.own()));
	}

	static StoredInstance stored(Random random) {
		Locality locality = switch (random.nextInt(3)) {
			case 0 -> Locality.UNKNOWN;
			case 1 -> new Locality("eu", "", "");
			default -> new Locality("eu", "a", "r_1.x-2");
		};
		Instance own = new Instance("s" + random.nextInt(5), "i:" + random.nextInt(100),
				"10.0.0." + random.nextInt(256), random.nextInt(65_536), random.nextBoolean(), random.nextInt(10_001),
				locality, some(random, 100), some(random, 800), Status.values()[random.nextInt(4)],
				random.nextLong(999_999_999_999_999L), random.nextInt(4) == 0);
		InstanceOverride override = switch (random.nextInt(4)) {
			case 0 -> new InstanceOverride(Status.OUT_OF_SERVICE, null);
			case 1 -> new InstanceOverride(Status.OUT_OF_SERVICE, random.nextInt(10_001));
			default -> null;
		};
		return new StoredInstance(own, override, Duration.ofMillis(3_000 + random.nextInt(597_000)),
				own.fence() + "-" + "abc", new Cursor("lineage", random.nextInt(9), random.nextInt(1_000)));
	}

	private static Map<String, String> some(Random random, int bytes) {
		return IntStream.range(0, random.nextInt(Names.MAX_ENTRIES + 1))
			.boxed()
			.collect(Collectors.toMap((i) -> "a/b." + i, (i) -> text(random, bytes)));
	}

	private static String text(Random random, int bytes) {
		int[] points = { 'a', '"', '\\', '\n', '\r', 0, 0x7f, 0xfc, 0x20ac, 0x2028, 0x1f600, '{', '}', '|', '\'' };
		return random.ints(random.nextInt(bytes / 4), 0, points.length)
			.map((i) -> points[i])
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
	}

	private static Map<String, String> shuffled(Map<String, String> entries, Random random) {
		List<String> keys = new ArrayList<>(entries.keySet());
		Collections.shuffle(keys, random);
		Map<String, String> shuffled = new LinkedHashMap<>();
		keys.forEach((key) -> shuffled.put(key, entries.get(key)));
		return shuffled;
	}

}
