package io.redmesh.registry.catalog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.json.Json;
import io.redmesh.registry.store.Digest;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.FeedEvent.Departure;
import io.redmesh.registry.store.Guard;
import io.redmesh.registry.store.StoredInstance;
import io.redmesh.registry.store.StoredRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Tests of the order in which a namespace applies events and publishes positions, and of
 * readers that replay its changes.
 */
class CatalogReplayTests {

	private static final Cursor START = new Cursor("l", 1, 10);

	private static final SortedSet<Guard> NO_GUARDS = new TreeSet<>();

	private final ManualTime time = new ManualTime();

	private final NamespaceCatalog catalog = CatalogFixture.catalog(64, this.time);

	/** The oracle: what the store holds now, by service and id. */
	private final Map<String, StoredInstance> store = new TreeMap<>();

	/** The content of the catalog: more than the store has, while it is incomplete. */
	private final Map<String, Long> expected = new TreeMap<>();

	private final Set<String> confirmed = new TreeSet<>();

	private Cursor cursor = START;

	private boolean complete;

	/** True if a sweep will complete the list in time. */
	private boolean waits;

	private long generation;

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void aReaderThatReplaysTheChangesOfOneGenerationHoldsWhatTheCatalogHolds(long seed) {
		Random random = new Random(seed);
		Reader reader = new Reader();
		reset(random, true);
		for (int i = 0; i < 1_200; i++) {
			step(random);
			compareWithOracle();
			if (random.nextInt(5) == 0) {
				reader.catchUp();
				assertThat(reader.held).isEqualTo(this.expected);
			}
		}
		assertThat(reader.deltas).isPositive();
		assertThat(reader.snapshots).isPositive();
	}

	@Test
	void listenersFindThePositionAndTheServicesOfTheirOwnChange() {
		List<String> seen = new ArrayList<>();
		this.catalog.onChange(() -> seen.add(this.catalog.position().revision() + ":" + this.catalog.size()));
		CatalogFixture.reset(this.catalog, START, Duration.ZERO, instance("orders", "a"));
		CatalogFixture.put(this.catalog, START.at(11), instance("orders", "b"));
		CatalogFixture.put(this.catalog, START.at(12), instance("orders", "b"));
		CatalogFixture.gone(this.catalog, START.at(13), "orders", "a");
		CatalogFixture.gone(this.catalog, START.at(14), "orders", "b");
		assertThat(seen).containsExactly("10:1", "11:2", "12:2", "13:1", "14:0");
	}

	@Test
	void aResetThatBringsNothingNewIsNotPublished() {
		CatalogFixture.reset(this.catalog, START, Duration.ZERO, instance("orders", "a"));
		List<Long> published = new ArrayList<>();
		this.catalog.onChange(() -> published.add(this.catalog.position().generation()));
		CatalogFixture.reset(this.catalog, START, Duration.ZERO, instance("orders", "a"));
		assertThat(published).isEmpty();
		CatalogFixture.reset(this.catalog, START, Duration.ofSeconds(15), instance("orders", "a"));
		assertThat(published).as("a list that may lack instances is news").containsExactly(2L);
		CatalogFixture.reset(this.catalog, START, Duration.ZERO, instance("orders", "a"));
		assertThat(published).as("a list that became complete is news").containsExactly(2L, 3L);
	}

	@Test
	void aChangeBeforeTheFirstResetIsRefused() {
		assertThatNullPointerException()
			.isThrownBy(() -> CatalogFixture.put(this.catalog, START, instance("orders", "a")))
			.withMessageContaining("begins with a reset");
		assertThatNullPointerException().isThrownBy(() -> this.catalog.snapshot(Set.of()))
			.withMessageContaining("first read");
	}

	@Test
	void aCopyThatMayLackInstancesBeginsAnotherGenerationOfTheSameHistory() {
		CatalogFixture.reset(this.catalog, START, Duration.ZERO, instance("orders", "a"));
		CatalogPosition before = this.catalog.position();
		this.catalog.markIncomplete();
		CatalogPosition after = this.catalog.position();
		assertThat(after.complete()).isFalse();
		assertThat(after.generation()).isEqualTo(before.generation() + 1);
		assertThat(after.cursor()).isEqualTo(before.cursor());
		assertThat(after.history()).isSameAs(before.history());
		assertThat(this.catalog.service("orders").instances()).hasSize(1);
		this.catalog.markIncomplete();
		assertThat(this.catalog.position()).as("marked already").isSameAs(after);
	}

	@Test
	void aCopyThatWasNeverReadCannotBeMarked() {
		List<Integer> published = new ArrayList<>();
		this.catalog.onChange(() -> published.add(1));
		this.catalog.markIncomplete();
		assertThat(this.catalog.position()).isNull();
		assertThat(published).isEmpty();
	}

	@Test
	void aMarkedCopyStaysIncompleteUntilItIsReadAgain() {
		CatalogFixture.reset(this.catalog, START, Duration.ZERO, instance("orders", "a"));
		this.catalog.markIncomplete();
		for (int i = 0; i < 300; i++) {
			this.time.forward(Duration.ofSeconds(1));
			this.catalog.swept(NO_GUARDS);
		}
		assertThat(this.catalog.position().complete()).isFalse();
		CatalogFixture.reset(this.catalog, START, Duration.ZERO);
		assertThat(this.catalog.position().complete()).isTrue();
		assertThat(this.catalog.service("orders")).isNull();
	}

	@Test
	void aDigestSaysNothingAboutACopyThatCannotBeCompared() {
		Digest wrong = new Digest(START, 99, 99);
		assertThat(this.catalog.agreesWith(wrong)).as("not read").isTrue();
		CatalogFixture.reset(this.catalog, START, Duration.ZERO, instance("orders", "a"));
		assertThat(this.catalog.agreesWith(wrong)).isFalse();
		assertThat(this.catalog.agreesWith(new Digest(new Cursor("l", 2, 10), 99, 99))).as("another epoch").isTrue();
		assertThat(this.catalog.agreesWith(new Digest(new Cursor("m", 1, 10), 99, 99))).as("another lineage").isTrue();
		assertThat(this.catalog.agreesWith(new Digest(START.at(9), 99, 99))).as("an older digest").isTrue();
		this.catalog.markIncomplete();
		assertThat(this.catalog.agreesWith(wrong)).as("incomplete").isTrue();
	}

	@Test
	void onlySuspectsAreReportedAndEachTimeThatTheyChange() {
		List<String> suspects = new ArrayList<>();
		this.catalog.onSuspect((change) -> suspects.add(change.id() + "@" + change.revision()));
		CatalogFixture.reset(this.catalog, START, Duration.ZERO, instance("orders", "x").withSuspect(true));
		CatalogFixture.put(this.catalog, START.at(11), instance("orders", "a"));
		CatalogFixture.put(this.catalog, START.at(12), instance("orders", "a").withSuspect(true));
		CatalogFixture.put(this.catalog, START.at(13), instance("orders", "a").withSuspect(true).withWeight(7));
		CatalogFixture.put(this.catalog, START.at(14), instance("orders", "a"));
		CatalogFixture.gone(this.catalog, START.at(15), "orders", "x");
		assertThat(suspects).containsExactly("a@12", "a@13");
		assertThat(this.catalog.suspects()).isZero();
	}

	@Test
	void onlyDeregistrationsAreDeparturesThatAreToBePutBack() {
		List<Object> lost = new ArrayList<>();
		NamespaceCatalog catalog = CatalogFixture.catalog(64, this.time,
				(namespace, epoch, remembered) -> lost.addAll(remembered));
		CatalogFixture.reset(catalog, START, Duration.ZERO, instance("orders", "a"), instance("orders", "b"));
		catalog.apply(new FeedEvent.Changed(START.at(11), "orders", "a", null, Departure.EXPIRED));
		catalog.apply(new FeedEvent.Changed(START.at(12), "orders", "b", null, Departure.REFUSED));
		catalog.apply(new FeedEvent.Changed(START.at(13), "orders", "never-there", null, Departure.DEREGISTERED));
		CatalogFixture.reset(catalog, new Cursor("l", 2, 1), Duration.ofSeconds(15));
		assertThat(lost).isEmpty();
	}

	@Test
	void theRemovalOfAnUnknownInstanceLeavesNoGapInTheHistory() {
		CatalogFixture.reset(this.catalog, START, Duration.ZERO, instance("orders", "a"));
		CatalogFixture.gone(this.catalog, START.at(11), "orders", "never-there");
		CatalogFixture.gone(this.catalog, START.at(12), "absent", "never-there");
		assertThat(this.catalog.position().history().between(10, 12)).extracting(Change::service)
			.containsExactly("orders", "absent");
	}

	@Test
	void untouchedAndEmptyAreDifferent() {
		assertThat(this.catalog.isUntouched()).isFalse();
		assertThat(this.catalog.isEmpty()).isFalse();
		CatalogFixture.reset(this.catalog, START.at(0), Duration.ofSeconds(15));
		assertThat(this.catalog.isUntouched()).isTrue();
		assertThat(this.catalog.isEmpty()).as("instances may be missing").isFalse();
		CatalogFixture.reset(this.catalog, START.at(0), Duration.ZERO);
		assertThat(this.catalog.isEmpty()).isTrue();
		CatalogFixture.put(this.catalog, START.at(1), instance("orders", "a"));
		assertThat(this.catalog.isEmpty()).isFalse();
		CatalogFixture.gone(this.catalog, START.at(2), "orders", "a");
		assertThat(this.catalog.isEmpty()).isTrue();
		assertThat(this.catalog.isUntouched()).as("an instance was registered once").isFalse();
	}

	private void step(Random random) {
		int dice = random.nextInt(100);
		if (dice < 55) {
			put("s" + random.nextInt(3), "i" + random.nextInt(12), 1 + random.nextInt(10_000));
		}
		else if (dice < 88) {
			gone("s" + random.nextInt(3), "i" + random.nextInt(12));
		}
		else if (dice < 91) {
			this.cursor = this.cursor.at(this.cursor.revision() + random.nextInt(3));
			reset(random, true);
		}
		else if (dice < 94) {
			this.cursor = new Cursor("l", this.cursor.epoch() + 1, random.nextInt(20));
			reset(random, false);
		}
		else if (dice < 96) {
			this.catalog.markIncomplete();
			if (this.complete) {
				this.complete = false;
				this.generation++;
				this.waits = false;
			}
		}
		else {
			this.time.forward(Duration.ofMinutes(10));
			this.catalog.swept(NO_GUARDS);
			if (!this.complete && this.waits) {
				this.complete = true;
				this.generation++;
				this.expected.keySet().retainAll(this.confirmed);
			}
		}
	}

	private void put(String service, String id, int weight) {
		this.cursor = this.cursor.at(this.cursor.revision() + 1);
		Instance instance = instance(service, id).withWeight(weight);
		CatalogFixture.put(this.catalog, this.cursor, instance);
		String key = service + "/" + id;
		this.store.put(key, CatalogFixture.stored(instance, this.cursor));
		this.expected.put(key, (long) weight);
		this.confirmed.add(key);
	}

	private void gone(String service, String id) {
		this.cursor = this.cursor.at(this.cursor.revision() + 1);
		CatalogFixture.gone(this.catalog, this.cursor, service, id);
		this.store.remove(service + "/" + id);
		this.expected.remove(service + "/" + id);
		this.confirmed.remove(service + "/" + id);
	}

	/** Lets the store forget some instances, and begins again with the rest. */
	private void reset(Random random, boolean complete) {
		CatalogPosition before = this.catalog.position();
		int mostly = random.nextInt(3);
		boolean lost = this.store.values().removeIf((one) -> mostly > 0 && random.nextInt(4) == 0);
		if (!complete) {
			this.store.replaceAll((key, one) -> CatalogFixture.stored(one.own(), this.cursor));
		}
		this.catalog.apply(new FeedEvent.Reset(this.cursor, List.copyOf(this.store.values()), StoredRules.NONE,
				complete ? Duration.ZERO : Duration.ofSeconds(15), Duration.ZERO));
		boolean news = before == null || lost || !complete || !this.complete || !before.cursor().equals(this.cursor);
		this.generation += news ? 1 : 0;
		if (complete) {
			this.expected.clear();
		}
		this.confirmed.clear();
		this.store.forEach((key, one) -> {
			this.expected.put(key, (long) one.own().weight());
			this.confirmed.add(key);
		});
		this.complete = complete;
		this.waits = !complete;
	}

	private void compareWithOracle() {
		CatalogPosition position = this.catalog.position();
		assertThat(position.cursor()).isEqualTo(this.cursor);
		assertThat(position.complete()).isEqualTo(this.complete);
		assertThat(position.generation()).isEqualTo(this.generation);
		assertThat(held(this.catalog.snapshot(Set.of()))).isEqualTo(this.expected);
		if (this.complete) {
			long sum = this.store.values().stream().mapToLong((one) -> one.changed().revision()).sum();
			assertThat(this.catalog.agreesWith(new Digest(this.cursor, this.store.size(), sum))).isTrue();
			assertThat(this.catalog.agreesWith(new Digest(this.cursor, this.store.size(), sum + 1))).isFalse();
		}
	}

	private static Map<String, Long> held(CatalogSnapshot snapshot) {
		Map<String, Long> held = new TreeMap<>();
		for (ServiceView service : snapshot.services()) {
			Json.mapper()
				.readTree(service.json())
				.forEach((one) -> held.put(service.service() + "/" + one.path("id").stringValue(),
						one.path("weight").longValue()));
		}
		return held;
	}

	private static Instance instance(String service, String id) {
		return Instance.of(service, id, "10.0.0.7", 8080);
	}

	/** A reader as a watch serves it: snapshots between generations, deltas within. */
	private final class Reader {

		private final Map<String, Long> held = new TreeMap<>();

		private long generation;

		private long revision;

		private int deltas;

		private int snapshots;

		void catchUp() {
			CatalogPosition now = CatalogReplayTests.this.catalog.position();
			List<Change> changes = (now.generation() == this.generation)
					? now.history().between(this.revision, now.revision()) : null;
			if (changes != null) {
				this.deltas++;
				changes.forEach(this::apply);
			}
			else {
				this.snapshots++;
				this.held.clear();
				this.held.putAll(CatalogReplayTests.held(CatalogReplayTests.this.catalog.snapshot(Set.of())));
			}
			this.generation = now.generation();
			this.revision = now.revision();
		}

		private void apply(Change change) {
			JsonNode json = Json.mapper().readTree(change.json());
			String key = json.path("service").stringValue() + "/" + json.path("id").stringValue();
			if (json.has("gone")) {
				this.held.remove(key);
			}
			else {
				this.held.put(key, json.at("/instance/weight").longValue());
			}
		}

	}

}
