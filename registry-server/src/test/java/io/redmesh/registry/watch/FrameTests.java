package io.redmesh.registry.watch;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.catalog.CatalogFixture;
import io.redmesh.registry.catalog.CatalogPosition;
import io.redmesh.registry.catalog.CatalogSnapshot;
import io.redmesh.registry.catalog.Change;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.store.Guard;
import io.redmesh.registry.watch.EventReader.Event;
import io.redmesh.registry.watch.Frame.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the bytes of events, read back by a parser of server-sent events. */
class FrameTests {

	private static final Cursor START = new Cursor("l", 1, 0);

	private final NamespaceCatalog catalog = CatalogFixture.catalog(1024, new ManualTime());

	private Cursor cursor = START;

	@Test
	void aPingHoldsTheGuards() {
		Event quiet = only(Frame.ping("l.1.0~all", List.of()));
		assertThat(quiet.name()).isEqualTo("ping");
		assertThat(quiet.id()).isEqualTo("l.1.0~all");
		assertThat(quiet.data().isEmpty()).isTrue();
		Event one = only(Frame.ping("l.1.0~", List.of(Guard.GRACE)));
		assertThat(one.data().toString()).isEqualTo("{\"guards\":[\"GRACE\"]}");
		Set<Guard> guards = new TreeSet<>();
		for (Guard.Kind kind : Guard.Kind.values()) {
			guards.add(new Guard(kind, (kind == Guard.Kind.SERVICE || kind == Guard.Kind.LAST) ? "orders.v-1" : null));
		}
		List<Guard> read = new ArrayList<>();
		only(Frame.ping("l.1.0~", guards)).data()
			.path("guards")
			.forEach((guard) -> read.add(Guard.parse(guard.stringValue())));
		assertThat(read).containsExactlyElementsOf(guards);
	}

	@Test
	void aSnapshotNamesServicesWithoutInstances() {
		CatalogFixture.reset(this.catalog, START, Duration.ofSeconds(15), Instance.of("orders", "a", "h", 1));
		CatalogSnapshot named = this.catalog.snapshot(List.of("absent", "orders"));
		Event event = only(Frame.snapshot("l.1.0~", named.position(), named.services()));
		assertThat(event.name()).isEqualTo("snapshot");
		assertThat(event.data().propertyNames()).containsExactly("cursor", "complete", "services");
		assertThat(event.data().path("cursor").stringValue()).isEqualTo("l.1.0");
		assertThat(event.data().path("complete").booleanValue()).isFalse();
		assertThat(event.data().path("services").propertyNames()).containsExactly("absent", "orders");
		assertThat(event.data().at("/services/absent").size()).isZero();
		assertThat(event.data().at("/services/orders/0/id").stringValue()).isEqualTo("a");
	}

	@Test
	void aSnapshotOfNothingIsAnEmptyObject() {
		CatalogFixture.reset(this.catalog, START, Duration.ZERO);
		CatalogSnapshot all = this.catalog.snapshot(List.of());
		Event event = only(Frame.snapshot("l.1.0~all", all.position(), all.services()));
		assertThat(event.data().toString()).isEqualTo("{\"cursor\":\"l.1.0\",\"complete\":true,\"services\":{}}");
	}

	@Test
	void ofEachInstanceADeltaHoldsTheLastChangeInTheOrderOfTheLastChanges() {
		CatalogFixture.reset(this.catalog, START, Duration.ZERO);
		put("orders", "a", "1");
		put("orders", "b", "2");
		put("stock", "a", "3");
		put("orders", "a", "4");
		gone("orders", "b");
		put("orders", "c", "5");
		gone("orders", "c");
		put("orders", "c", "6");
		Event event = delta(0);
		assertThat(event.name()).isEqualTo("delta");
		assertThat(event.data().path("cursor").stringValue()).isEqualTo("l.1.8");
		List<String> changes = new ArrayList<>();
		event.data()
			.path("changes")
			.forEach((change) -> changes.add(change.path("service").stringValue() + "/"
					+ change.path("id").stringValue() + change.at("/instance/metadata/text").stringValue("-")));
		assertThat(changes).containsExactly("stock/a3", "orders/a4", "orders/b-", "orders/c6");
	}

	@Test
	void servicesAndIdsThatJoinToOneTextAreStillTwoInstances() {
		CatalogFixture.reset(this.catalog, START, Duration.ZERO);
		put("a", "b.c", "1");
		put("a.b", "c", "2");
		assertThat(delta(0).data().path("changes").size()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6 })
	void framesOneAfterAnotherAreReadAsTheyWereWritten(long seed) {
		Random random = new Random(seed);
		CatalogFixture.reset(this.catalog, START, Duration.ZERO);
		List<String> hostile = List.of("\n\ndata: {}", "\r\nevent: x", "\u2028", "\"}]}", "\\", "id: l.9.9~all\n", "é",
				"\uD83D\uDE00", "\u0000");
		ByteArrayOutputStream stream = new ByteArrayOutputStream();
		List<Kind> written = new ArrayList<>();
		Map<String, String> expected = new LinkedHashMap<>();
		Map<String, String> read = new LinkedHashMap<>();
		long sent = 0;
		for (int i = 0; i < 200; i++) {
			for (int changes = random.nextInt(5); changes > 0; changes--) {
				String service = "s" + random.nextInt(3);
				String id = "i" + random.nextInt(6);
				if (random.nextInt(3) == 0) {
					gone(service, id);
					expected.remove(service + "/" + id);
				}
				else {
					String text = hostile.get(random.nextInt(hostile.size())) + this.cursor.revision();
					put(service, id, text);
					expected.put(service + "/" + id, text);
				}
			}
			Frame frame = frame(random.nextInt(4), sent);
			sent = (frame.kind() == Kind.PING) ? sent : this.cursor.revision();
			written.add(frame.kind());
			stream.writeBytes(frame.bytes());
		}
		stream.writeBytes(frame(3, sent).bytes());
		List<Event> events = EventReader.read(stream.toByteArray());
		assertThat(events).hasSize(201);
		assertThat(events.subList(0, 200)).extracting((event) -> Kind.valueOf(event.name().toUpperCase()))
			.isEqualTo(written);
		events.forEach((event) -> apply(event, read));
		assertThat(read).containsExactlyInAnyOrderEntriesOf(expected);
	}

	private Frame frame(int dice, long sent) {
		String id = new EventId(this.cursor, "all").toString();
		CatalogPosition position = this.catalog.position();
		List<Change> changes = position.history().between(sent, position.revision());
		return switch (dice) {
			case 0 -> Frame.ping(id, Set.of(Guard.GRACE));
			case 1 -> {
				CatalogSnapshot all = this.catalog.snapshot(List.of());
				yield Frame.snapshot(id, all.position(), all.services());
			}
			default -> Frame.delta(id, position, changes);
		};
	}

	private static void apply(Event event, Map<String, String> held) {
		if (event.name().equals("snapshot")) {
			held.clear();
			event.data().path("services").forEach((service) -> service.forEach((one) -> hold(one, held)));
		}
		event.data().path("changes").forEach((change) -> {
			if (change.has("gone")) {
				held.remove(change.path("service").stringValue() + "/" + change.path("id").stringValue());
			}
			else {
				hold(change.path("instance"), held);
			}
		});
	}

	private static void hold(JsonNode instance, Map<String, String> held) {
		held.put(instance.path("service").stringValue() + "/" + instance.path("id").stringValue(),
				instance.at("/metadata/text").stringValue());
	}

	private Event delta(long from) {
		CatalogPosition position = this.catalog.position();
		Frame frame = Frame.delta(new EventId(position.cursor(), "all").toString(), position,
				position.history().between(from, position.revision()));
		assertThat(frame.kind()).isEqualTo(Kind.DELTA);
		return only(frame);
	}

	private static Event only(Frame frame) {
		List<Event> events = EventReader.read(frame.bytes());
		assertThat(events).hasSize(1);
		return events.get(0);
	}

	private void put(String service, String id, String text) {
		this.cursor = this.cursor.at(this.cursor.revision() + 1);
		CatalogFixture.put(this.catalog, this.cursor, new Instance(service, id, "h", 1, false, 100, Locality.UNKNOWN,
				Map.of(), Map.of("text", text), Status.UP, 0));
	}

	private void gone(String service, String id) {
		this.cursor = this.cursor.at(this.cursor.revision() + 1);
		CatalogFixture.gone(this.catalog, this.cursor, service, id);
	}

}
