package io.redmesh.registry.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.core.traffic.Compatibility;
import io.redmesh.core.traffic.RuleKey;
import io.redmesh.core.traffic.RuleKind;
import io.redmesh.registry.catalog.CatalogFixture;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.json.Json;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.StoredRule;
import io.redmesh.registry.store.StoredRules;
import io.redmesh.registry.watch.EventReader.Event;
import io.redmesh.registry.watch.Watcher.Receipt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of watchers on networks that take frames when they like: at any time at most one
 * frame is in flight, and in the end each reader holds what the catalog holds.
 */
class WatcherModelTests {

	private static final Duration PING = Duration.ofSeconds(10);

	private static final Duration STALL = Duration.ofSeconds(60);

	private final ManualTime time = new ManualTime();

	private final NamespaceCatalog catalog = CatalogFixture.catalog(16, this.time);

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private NamespaceWatches watches;

	private Cursor cursor = new Cursor("l", 1, 0);

	private StoredRules rules = StoredRules.NONE;

	private long writes;

	@BeforeEach
	void read() {
		CatalogFixture.reset(this.catalog, this.cursor, Duration.ZERO);
		this.watches = new NamespaceWatches(this.catalog, new WatchProperties(Duration.ofMillis(2),
				Duration.ofMillis(250), PING, STALL, Duration.ofSeconds(2), 1000), this.time, this.time,
				new WatchMetrics(this.meters));
		this.time.forward(Duration.ofSeconds(1));
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 })
	void eachReaderHoldsInTheEndWhatTheCatalogHolds(long seed) {
		Random random = new Random(seed);
		List<Reader> readers = new ArrayList<>();
		for (List<String> services : List.of(List.<String>of(), List.of("s0"), List.of("s1", "s2"), List.of("s0"),
				List.of("absent"))) {
			readers.add(new Reader(services, false));
			readers.add(new Reader(services, true));
		}
		for (int i = 0; i < 3_000; i++) {
			change(random);
			if (random.nextInt(3) == 0) {
				this.time.forward(Duration.ofMillis(random.nextInt(30)));
			}
			Reader reader = readers.get(random.nextInt(readers.size()));
			switch (random.nextInt(12)) {
				case 0 -> reader.reconnect();
				case 1 -> reader.watcher.tick(PING.toNanos(), STALL.toNanos());
				case 2 -> this.time.forward(PING);
				default -> reader.takeOne();
			}
			readers.forEach((one) -> assertThat(one.wire.unwritten).hasSizeLessThanOrEqualTo(1));
		}
		this.time.forward(Duration.ofSeconds(1));
		readers.forEach(Reader::takeAll);
		for (Reader reader : readers) {
			assertThat(reader.held).as("%s", reader.services).isEqualTo(reader.expected());
			assertThat(reader.kinds).as("%s", reader.services).contains("ping", "snapshot");
			assertThat(reader.kinds.contains("rules")).isEqualTo(reader.rules);
			assertThat(reader.heldRules).as("rules of %s", reader.services)
				.isEqualTo(reader.rules ? generations() : Map.of());
		}
		assertThat(readers.get(0).kinds).contains("delta");
		assertThat(this.meters.get("mesh.server.watchers").gauge().value()).isEqualTo(readers.size());
		readers.forEach((reader) -> this.watches.leave(reader.watcher));
		assertThat(this.watches.watchers()).isEmpty();
		assertThat(this.meters.get("mesh.server.watchers").gauge().value()).isZero();
	}

	@Test
	void aReaderThatTakesNothingIsSentAFrameOfBoundedSizeAfterwards() {
		Reader reader = new Reader(List.of(), false);
		reader.takeAll();
		put("s0", "first");
		this.time.forward(Duration.ofSeconds(1));
		int sent = reader.wire.frames.size();
		for (int i = 0; i < 10_000; i++) {
			put("s0", "i" + i % 10);
			this.time.forward(Duration.ofMillis(1));
		}
		assertThat(reader.wire.frames).hasSize(sent);
		reader.takeAll();
		assertThat(reader.wire.frames).as("one snapshot for all changes").hasSize(sent + 1);
		assertThat(reader.held).isEqualTo(reader.expected()).hasSize(11);
	}

	@Test
	void nothingIsSentBeforeTheConnectionIsSetUp() {
		RecordingWire wire = new RecordingWire();
		wire.open = false;
		Watcher watcher = this.watches.join(new Interest(new TreeSet<>(), false), null, wire);
		watcher.wakeUp();
		put("s0", "a");
		this.time.forward(Duration.ofSeconds(1));
		assertThat(wire.frames).isEmpty();
		wire.open = true;
		watcher.wakeUp();
		wire.takeAll();
		assertThat(wire.frames).hasSize(2);
		assertThat(wire.last()).contains("event: snapshot", "\"id\":\"a\"");
	}

	@Test
	void wakeUpsBeforeTheConnectionsThreadRunsAreOneTask() {
		Deque<Runnable> tasks = new ArrayDeque<>();
		RecordingWire wire = new RecordingWire();
		wire.thread = tasks::add;
		Watcher watcher = this.watches.join(new Interest(new TreeSet<>(), false), null, wire);
		for (int i = 0; i < 100; i++) {
			watcher.wakeUp();
		}
		assertThat(tasks).hasSize(1);
		tasks.poll().run();
		watcher.wakeUp();
		assertThat(tasks).as("a task that has run is scheduled anew").hasSize(1);
	}

	@Test
	void aFrameInFlightDelaysPingsUntilItIsTaken() {
		Reader reader = new Reader(List.of(), false);
		reader.takeAll();
		put("s0", "a");
		this.time.forward(PING.multipliedBy(2));
		int sent = reader.wire.frames.size();
		reader.watcher.tick(PING.toNanos(), STALL.toNanos());
		assertThat(reader.wire.frames).hasSize(sent);
		reader.takeAll();
		assertThat(reader.wire.frames).hasSize(sent);
		reader.watcher.tick(PING.toNanos(), STALL.toNanos());
		assertThat(reader.wire.last()).startsWith("event: ping");
		reader.takeAll();
		reader.watcher.tick(PING.toNanos(), STALL.toNanos());
		assertThat(reader.wire.frames).as("a ping ends the silence").hasSize(sent + 1);
	}

	@Test
	void aForgottenReceiptIsNotGiven() {
		Reader reader = new Reader(List.of(), false);
		reader.takeAll();
		List<String> given = new ArrayList<>();
		Receipt forgotten = new Receipt(1, () -> given.add("forgotten"));
		Receipt kept = new Receipt(1, () -> given.add("kept"));
		reader.watcher.await(forgotten);
		reader.watcher.await(kept);
		reader.watcher.forget(forgotten);
		put("s0", "a");
		this.time.forward(Duration.ofSeconds(1));
		assertThat(given).isEmpty();
		reader.takeAll();
		reader.watcher.closed();
		assertThat(given).containsExactly("kept");
	}

	@Test
	void aReceiptIsGivenAtOnceIfTheChangeConcernsAnotherService() {
		Reader reader = new Reader(List.of("s1"), false);
		reader.takeAll();
		put("s0", "a");
		this.time.forward(Duration.ofSeconds(1));
		List<String> given = new ArrayList<>();
		reader.watcher.await(new Receipt(1, () -> given.add("given")));
		assertThat(given).containsExactly("given");
	}

	@Test
	void aWatcherThatHasLeftIsNotWokenAndLeavesOnce() {
		Reader reader = new Reader(List.of("s0"), false);
		Reader other = new Reader(List.of("s0"), false);
		reader.takeAll();
		other.takeAll();
		this.watches.leave(reader.watcher);
		this.watches.leave(reader.watcher);
		assertThat(this.meters.get("mesh.server.watchers").gauge().value()).isOne();
		int sent = reader.wire.frames.size();
		put("s0", "a");
		this.time.forward(Duration.ofSeconds(1));
		assertThat(reader.wire.frames).hasSize(sent);
		assertThat(other.wire.last()).contains("event: delta");
		assertThat(this.watches.watchers("s0")).containsExactly(other.watcher);
		this.watches.leave(other.watcher);
		assertThat(this.watches.watchers("s0")).isEmpty();
	}

	private void change(Random random) {
		int dice = random.nextInt(1_000);
		if (dice < 80) {
			changeRule(new RuleKey(RuleKind.VIRTUAL_SERVICE, "r" + random.nextInt(3)), random.nextInt(3) > 0);
		}
		else if (dice < 600) {
			put("s" + random.nextInt(4), "i" + random.nextInt(5));
		}
		else if (dice < 980) {
			this.cursor = this.cursor.at(this.cursor.revision() + 1);
			CatalogFixture.gone(this.catalog, this.cursor, "s" + random.nextInt(4), "i" + random.nextInt(5));
		}
		else if (dice < 990) {
			this.cursor = new Cursor("l", this.cursor.epoch() + 1, random.nextInt(30));
			this.rules = random.nextBoolean() ? this.rules : StoredRules.NONE;
			CatalogFixture.reset(this.catalog, this.cursor, Duration.ofSeconds(15), this.rules, instance("s0", "i1"));
			this.rules = this.catalog.rules().stored();
		}
		else if (dice < 995) {
			this.cursor = this.cursor.at(this.cursor.revision() + random.nextInt(3));
			CatalogFixture.reset(this.catalog, this.cursor, Duration.ZERO, this.rules, instance("s1", "i2"));
		}
		else {
			this.time.forward(Duration.ofMinutes(1));
			this.catalog.swept(new TreeSet<>());
		}
	}

	private void changeRule(RuleKey key, boolean there) {
		this.cursor = this.cursor.at(this.cursor.revision() + 1);
		this.writes++;
		StoredRule rule = there ? new StoredRule(key, this.writes, Instant.EPOCH, "", Compatibility.FRIENDLY,
				"{\"n\":" + this.writes + "}") : null;
		FeedEvent.RuleChanged event = new FeedEvent.RuleChanged(this.cursor, "o", key, this.writes, rule);
		this.rules = event.appliedTo(this.rules);
		CatalogFixture.changeRule(this.catalog, event);
	}

	private Map<String, Long> generations() {
		Map<String, Long> generations = new TreeMap<>();
		this.rules.rules().forEach((key, rule) -> generations.put(key.toString(), rule.generation()));
		return generations;
	}

	private void put(String service, String id) {
		this.cursor = this.cursor.at(this.cursor.revision() + 1);
		CatalogFixture.put(this.catalog, this.cursor, instance(service, id));
	}

	private Instance instance(String service, String id) {
		return Instance.of(service, id, "h", 1).withFence(this.cursor.epoch() * 1_000_000 + this.cursor.revision());
	}

	/** A client that applies the frames that it takes, and shows the last id it took. */
	private final class Reader {

		private final SortedSet<String> services;

		private final boolean rules;

		private final Map<String, Long> heldRules = new TreeMap<>();

		private final Map<String, Long> held = new TreeMap<>();

		private final Set<String> kinds = new TreeSet<>();

		private EventId last;

		private RecordingWire wire;

		private Watcher watcher;

		private int taken;

		Reader(List<String> services, boolean rules) {
			this.services = new TreeSet<>(services);
			this.rules = rules;
			connect();
		}

		private void connect() {
			this.wire = new RecordingWire();
			this.taken = 0;
			this.watcher = WatcherModelTests.this.watches.join(new Interest(this.services, this.rules), this.last,
					this.wire);
			this.watcher.wakeUp();
		}

		/** Loses the frame in flight and comes again. */
		void reconnect() {
			WatcherModelTests.this.watches.leave(this.watcher);
			this.watcher.closed();
			connect();
		}

		void takeOne() {
			Runnable written = this.wire.unwritten.poll();
			if (written != null) {
				apply(EventReader.read(this.wire.frames.get(this.taken++)).get(0));
				written.run();
			}
		}

		void takeAll() {
			while (!this.wire.unwritten.isEmpty()) {
				takeOne();
			}
		}

		private void apply(Event event) {
			this.kinds.add(event.name());
			JsonNode data = event.data();
			if (event.name().equals("rules")) {
				assertThat(event.id()).as("a reader keeps the id of the event before").isEmpty();
				applyRules(data);
				return;
			}
			this.last = event.eventId();
			if (event.name().equals("snapshot")) {
				this.held.clear();
				data.path("services").forEach((service) -> service.forEach(this::hold));
			}
			data.path("changes").forEach((change) -> {
				assertThat(this.services.isEmpty() || this.services.contains(change.path("service").stringValue()))
					.isTrue();
				if (change.has("gone")) {
					this.held.remove(change.path("service").stringValue() + "/" + change.path("id").stringValue());
				}
				else {
					hold(change.path("instance"));
				}
			});
		}

		private void applyRules(JsonNode data) {
			if (data.path("complete").booleanValue()) {
				this.heldRules.clear();
			}
			data.path("rules").forEach((rule) -> {
				String key = rule.path("kind").stringValue() + "/" + rule.path("name").stringValue();
				if (rule.path("document").isNull()) {
					this.heldRules.remove(key);
				}
				else {
					this.heldRules.put(key, rule.path("generation").longValue());
				}
			});
		}

		private void hold(JsonNode instance) {
			this.held.put(instance.path("service").stringValue() + "/" + instance.path("id").stringValue(),
					instance.path("fence").longValue());
		}

		Map<String, Long> expected() {
			Map<String, Long> expected = new TreeMap<>();
			WatcherModelTests.this.catalog.snapshot(this.services)
				.services()
				.forEach((service) -> Json.mapper()
					.readTree(service.json())
					.forEach((one) -> expected.put(service.service() + "/" + one.path("id").stringValue(),
							one.path("fence").longValue())));
			return expected;
		}

	}

}
