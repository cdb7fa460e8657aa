package io.redmesh.registry.store.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.lettuce.core.StreamMessage;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.FeedEvent.Departure;
import io.redmesh.registry.store.InstanceOverride;
import io.redmesh.registry.store.StoredInstance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what is read from the feed in Redis, also if it is hostile or from the future.
 */
class FeedEntriesTests {

	private static final Cursor FROM = new Cursor("lineage", 7, 10);

	private final RedisNamespace namespace = new RedisNamespace("default", new ManualTime());

	private final FeedEntries entries = new FeedEntries(this.namespace);

	@Test
	void changesOfAnEntryHaveRevisionsInTheirOrder() {
		StoredInstance a = stored("a", null);
		StoredInstance b = stored("b", new InstanceOverride(null, 3));
		FeedEntries.Changes changes = this.entries.changes(
				List.of(entry(13, text(a), text(b), "orders|c\nEXPIRED"), entry(14, "stock|d:1\nDEREGISTERED")), FROM);
		assertThat(changes.changes()).containsExactly(new FeedEvent.Changed(FROM.at(11), "orders", "a", a, null),
				new FeedEvent.Changed(FROM.at(12), "orders", "b", b, null),
				new FeedEvent.Changed(FROM.at(13), "orders", "c", null, Departure.EXPIRED),
				new FeedEvent.Changed(FROM.at(14), "stock", "d:1", null, Departure.DEREGISTERED));
		assertThat(changes.last()).isEqualTo(FROM.at(14));
		assertThat(this.namespace.isReadable()).isTrue();
	}

	@Test
	void noEntriesContinueWhatWasRead() {
		assertThat(this.entries.changes(List.of(), FROM)).isEqualTo(new FeedEntries.Changes(List.of(), FROM));
	}

	@ParameterizedTest
	@ValueSource(strings = { "7-13", "7-11", "8-12", "6-12", "7-012", "7-12-0", "12" })
	void entryThatDoesNotContinueEndsTheReadingAfterThoseBefore(String id) {
		FeedEntries.Changes changes = this.entries.changes(
				List.of(entry(11, "orders|a\nEXPIRED"), entry(id, "orders|b\nEXPIRED"), entry(13, "orders|c\nEXPIRED")),
				FROM);
		assertThat(changes.last()).isNull();
		assertThat(changes.changes()).map((event) -> ((FeedEvent.Changed) event).id()).containsExactly("a");
	}

	@ParameterizedTest
	@EnumSource(Departure.class)
	void reasonsOfARemovalAreRead(Departure reason) {
		assertThat(this.entries.changes(List.of(entry(11, "orders|a\n" + reason)), FROM).changes())
			.containsExactly(new FeedEvent.Changed(FROM.at(11), "orders", "a", null, reason));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\n", "orders|b", "orders|b\n", "orders|b\nVANISHED", "orders|b\nexpired",
			"orders\nEXPIRED", "orders|b\n{", "orders|b\n{}", "orders|b\n{\"fence\":1}", "orders|b\n{\"fence\":\"x\"}",
			"orders|b\n{\"instance\":null}", "orders|b\n[]", "ORDERS|b\n{}", "\u0000|\u0000\n\u0000" })
	void changeThatCannotBeReadIsLeftOutAndThoseAfterItAreNot(String hostile) {
		FeedEntries.Changes changes = this.entries
			.changes(List.of(entry(13, "orders|a\nEXPIRED", hostile, "orders|c\nEXPIRED")), FROM);
		assertThat(changes.changes()).containsExactly(
				new FeedEvent.Changed(FROM.at(11), "orders", "a", null, Departure.EXPIRED),
				new FeedEvent.Changed(FROM.at(13), "orders", "c", null, Departure.EXPIRED));
		assertThat(changes.last()).isEqualTo(FROM.at(13));
		assertThat(this.namespace.isReadable()).as("its digest cannot be compared").isFalse();
	}

	@Test
	void instancesThatNoServerOfThisVersionMayHoldAreLeftOut() {
		String value = InstanceCodecTests.value(stored("a", null));
		List<String> hostile = List.of(value.replace("\"port\":8080", "\"port\":70000"),
				value.replace("\"status\":\"UP\"", "\"status\":\"PAUSED\""), value.replace("7-3", "7"),
				value.replace("7-3", "x-y"), value.replace("10.0.0.7", "0.0.0.0"),
				value.replace("\"weight\":100", "\"weight\":1e99"), value.replace("\"labels\":{}", "\"labels\":null"),
				value.replace("\"labels\":{}", "\"labels\":{\"a\":null}"),
				value.replace("\"labels\":{}", "\"labels\":" + "[".repeat(100_000)),
				value.substring(0, value.length() - 1));
		for (String text : hostile) {
			assertThat(text).isNotEqualTo(value);
			assertThat(this.entries.instance("orders|a", text, null, FROM)).as(text.substring(0, 100)).isEmpty();
		}
		assertThat(this.entries.instance("orders|-", value, null, FROM)).isEmpty();
		assertThat(this.entries.instance("orders|a", value, "{\"weight\":-1}", FROM)).isEmpty();
		assertThat(this.entries.instance("orders|a", value, "{}", FROM)).isEmpty();
		assertThat(this.entries.instance("orders|a", value, "", FROM)).contains(stored("a", null));
	}

	@Test
	void randomDamageNeverStopsTheReading() {
		Random random = new Random(43);
		for (int run = 0; run < 2_000; run++) {
			List<StreamMessage<String, String>> damaged = new ArrayList<>();
			int count = 1 + random.nextInt(4);
			for (int i = 1; i <= count; i++) {
				String text = text(new StoredInstance(Instance.of("orders", "a" + i, "10.0.0.7", 8080), null,
						Duration.ofSeconds(15), "1-x", FROM));
				damaged.add(entry(10 + i, (i % 2 == 1) ? damage(random, text) : text));
			}
			FeedEntries.Changes changes = this.entries.changes(damaged, FROM);
			assertThat(changes.last()).isEqualTo(FROM.at(10 + count));
			assertThat(changes.changes()).filteredOn((change) -> change.cursor().revision() % 2 == 0)
				.as("what is not damaged is read")
				.hasSize(count / 2)
				.allMatch((change) -> ((FeedEvent.Changed) change).instance() != null);
		}
	}

	private static String damage(Random random, String text) {
		StringBuilder damaged = new StringBuilder(text);
		for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
			int place = random.nextInt(damaged.length());
			switch (random.nextInt(4)) {
				case 0 -> damaged.setCharAt(place, "\n\"{}[]:,|0x\u0000".charAt(random.nextInt(12)));
				case 1 -> damaged.setLength(place);
				case 2 -> damaged.insert(place, damaged.substring(place / 2, place));
				default -> damaged.delete(place, Math.min(damaged.length(), place + 5));
			}
			if (damaged.isEmpty()) {
				return "";
			}
		}
		return damaged.toString();
	}

	private static StoredInstance stored(String id, InstanceOverride override) {
		return new StoredInstance(Instance.of("orders", id, "10.0.0.7", 8080).withFence(5), override,
				Duration.ofSeconds(15), "5-x", FROM.at(3));
	}

	/** Writes a change of an instance, as {@code lease.lua} does. */
	private static String text(StoredInstance stored) {
		String text = InstanceCodec.keyOf(stored.own().service(), stored.own().id()) + "\n"
				+ InstanceCodecTests.value(stored);
		return (stored.override() != null) ? text + "\n" + InstanceCodec.write(stored.override()) : text;
	}

	private static StreamMessage<String, String> entry(long last, String... texts) {
		return entry("7-" + last, texts);
	}

	private static StreamMessage<String, String> entry(String id, String... texts) {
		Map<String, String> body = new LinkedHashMap<>();
		for (String text : texts) {
			body.put("r" + body.size(), text);
		}
		return new StreamMessage<>("feed", id, body);
	}

}
