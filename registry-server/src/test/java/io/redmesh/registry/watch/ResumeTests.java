package io.redmesh.registry.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.catalog.CatalogFixture;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.watch.EventReader.Event;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the table of the page Watch: what a reader that comes again is sent first. */
class ResumeTests {

	private static final int HISTORY = 16;

	private final ManualTime time = new ManualTime();

	private final NamespaceCatalog catalog = CatalogFixture.catalog(HISTORY, this.time);

	private NamespaceWatches watches;

	/** The head: revision 40 of epoch 3, and the history begins after revision 24. */
	private Cursor cursor = new Cursor("l", 3, 20);

	@BeforeEach
	void read() {
		CatalogFixture.reset(this.catalog, this.cursor, Duration.ZERO, Instance.of("orders", "old", "h", 1));
		this.watches = watches();
		while (this.cursor.revision() < 40) {
			put("orders", "i" + (this.cursor.revision() + 1));
		}
		this.time.forward(Duration.ofSeconds(1));
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-",
			value = { "l.3.39, delta", "l.3.30, delta", "l.3.24, delta", "l.3.40, -", "l.3.23, snapshot",
					"l.3.0, snapshot", "l.3.41, snapshot", "l.3.9223372036854775807, snapshot", "l.2.39, snapshot",
					"l.4.39, snapshot", "l.4.0, snapshot", "m.3.39, snapshot" })
	void aReaderIsSentTheChangesSinceItsCursorOrEverything(String last, String first) {
		List<Event> events = open(List.of("orders"), new EventId(Cursor.parse(last), mark("orders")));
		assertThat(events.get(0).name()).isEqualTo("ping");
		assertThat(kinds(events)).isEqualTo((first != null) ? List.of("ping", first) : List.of("ping"));
	}

	@Test
	void aDeltaHoldsExactlyTheChangesAfterTheCursor() {
		List<Event> events = open(List.of("orders"), new EventId(this.cursor.at(37), mark("orders")));
		assertThat(events.get(0).id()).as("a ping moves nothing").isEqualTo("l.3.37~" + mark("orders"));
		assertThat(events.get(1).data().findValuesAsString("id")).containsOnly("i38", "i39", "i40");
		assertThat(events.get(1).id()).isEqualTo("l.3.40~" + mark("orders"));
	}

	@Test
	void changesOfOtherServicesAreNoReasonForADelta() {
		EventId last = new EventId(this.cursor.at(30), mark("stock"));
		assertThat(kinds(open(List.of("stock"), last))).containsExactly("ping");
		put("stock", "a");
		List<Event> events = open(List.of("stock"), last);
		this.time.forward(Duration.ofSeconds(1));
		assertThat(kinds(events)).containsExactly("ping", "delta");
		assertThat(events.get(1).data().path("changes").size()).isOne();
	}

	@Test
	void aReaderThatNamesOtherServicesIsSentASnapshot() {
		List<List<String>> audiences = List.of(List.of(), List.of("orders"), List.of("stock"),
				List.of("orders", "stock"), List.of("orders", "stock", "web"), List.of("ordersstock"));
		for (List<String> before : audiences) {
			for (List<String> now : audiences) {
				EventId last = new EventId(this.cursor.at(39), mark(before.toArray(String[]::new)));
				List<String> kinds = kinds(open(now, last));
				assertThat(kinds.contains("snapshot")).as("%s after %s", now, before).isEqualTo(!now.equals(before));
			}
		}
		EventId last = new EventId(this.cursor.at(39), mark("stock", "orders"));
		assertThat(kinds(open(List.of("orders", "stock"), last))).as("in another order").contains("delta");
	}

	@Test
	void noReaderResumesFromTheGreetingOfAWatchThatBroughtNoSnapshot() {
		Event greeting = open(List.of("orders"), null).get(0);
		assertThat(greeting.name()).isEqualTo("ping");
		assertThat(greeting.cursor()).isEqualTo(this.cursor);
		assertThat(kinds(open(List.of("orders"), greeting.eventId()))).containsExactly("ping", "snapshot");
	}

	@Test
	void noReaderResumesAfterAnIncompleteSnapshot() {
		CatalogFixture.reset(this.catalog, new Cursor("l", 4, 0), Duration.ofSeconds(15));
		this.time.forward(Duration.ofSeconds(1));
		Event snapshot = open(List.of("orders"), null).get(1);
		assertThat(snapshot.data().path("complete").booleanValue()).isFalse();
		CatalogFixture.put(this.catalog, new Cursor("l", 4, 1), Instance.of("orders", "a", "h", 1));
		this.time.forward(Duration.ofSeconds(1));
		List<Event> again = open(List.of("orders"), snapshot.eventId());
		assertThat(kinds(again)).containsExactly("ping", "snapshot");
		this.time.forward(Duration.ofSeconds(20));
		this.catalog.swept(new TreeSet<>());
		this.time.forward(Duration.ofSeconds(1));
		assertThat(kinds(open(List.of("orders"), snapshot.eventId()))).containsExactly("ping", "snapshot");
		assertThat(kinds(open(List.of("orders"), again.get(1).eventId()))).containsExactly("ping", "snapshot");
	}

	@Test
	void aSnapshotIsAPlaceToResumeFromAtEachServer() {
		Event snapshot = open(List.of(), null).get(1);
		put("orders", "later");
		this.time.forward(Duration.ofSeconds(1));
		this.watches = watches();
		this.time.forward(Duration.ofSeconds(1));
		List<Event> events = open(List.of(), snapshot.eventId());
		assertThat(kinds(events)).containsExactly("ping", "delta");
		assertThat(events.get(1).data().findValuesAsString("id")).containsOnly("later");
	}

	@Test
	void aReaderAheadOfWhatIsPublishedIsNotToldAgainWhatItKnows() {
		put("orders", "published");
		put("orders", "known");
		put("orders", "new");
		RecordingWire wire = new RecordingWire();
		join(List.of("orders"), new EventId(this.cursor.at(42), mark("orders")), wire);
		assertThat(kinds(events(wire))).as("not published yet").containsExactly("ping");
		this.time.forward(Duration.ofSeconds(1));
		wire.takeAll();
		assertThat(kinds(events(wire))).containsExactly("ping", "delta");
		assertThat(events(wire).get(1).data().findValuesAsString("id")).containsOnly("new");
	}

	@Test
	void onlyWatchesThatBeginWithASnapshotNeedAPermit() {
		assertThat(this.watches.canResume(new Interest(new TreeSet<>(List.of("orders")), false), null)).isFalse();
		assertThat(canResume(39, mark("orders"))).isTrue();
		assertThat(canResume(40, mark("orders"))).isTrue();
		assertThat(canResume(41, mark("orders"))).isFalse();
		assertThat(canResume(23, mark("orders"))).isFalse();
		assertThat(canResume(39, mark())).isFalse();
		assertThat(canResume(39, "")).isFalse();
	}

	private boolean canResume(long revision, String mark) {
		return this.watches.canResume(new Interest(new TreeSet<>(List.of("orders")), false),
				new EventId(this.cursor.at(revision), mark));
	}

	private NamespaceWatches watches() {
		return new NamespaceWatches(this.catalog,
				new WatchProperties(Duration.ofMillis(2), Duration.ofMillis(250), Duration.ofSeconds(10),
						Duration.ofSeconds(60), Duration.ofSeconds(2), 1000),
				this.time, this.time, new WatchMetrics(new SimpleMeterRegistry()));
	}

	/** Returns the mark of an audience, as a ping to a reader that resumes shows it. */
	private String mark(String... services) {
		Audience audience = new Audience(this.catalog, new Interest(new TreeSet<>(List.of(services)), false));
		return only(audience.ping(this.catalog.position(), 0)).eventId().audience();
	}

	private static Event only(Frame frame) {
		return EventReader.read(frame.bytes()).get(0);
	}

	/** Opens a watch, and returns the events that it is sent at once. */
	private List<Event> open(List<String> services, EventId last) {
		RecordingWire wire = new RecordingWire();
		Watcher watcher = join(services, last, wire);
		this.time.forward(Duration.ofSeconds(1));
		wire.takeAll();
		this.watches.leave(watcher);
		return events(wire);
	}

	private Watcher join(List<String> services, EventId last, RecordingWire wire) {
		Watcher watcher = this.watches.join(new Interest(new TreeSet<>(services), false), last, wire);
		watcher.wakeUp();
		wire.takeAll();
		return watcher;
	}

	private static List<Event> events(RecordingWire wire) {
		return EventReader.read(String.join("", wire.frames));
	}

	private static List<String> kinds(List<Event> events) {
		List<String> kinds = new ArrayList<>();
		events.forEach((event) -> kinds.add(event.name()));
		return kinds;
	}

	private void put(String service, String id) {
		this.cursor = this.cursor.at(this.cursor.revision() + 1);
		CatalogFixture.put(this.catalog, this.cursor, Instance.of(service, id, "h", 1));
	}

}
