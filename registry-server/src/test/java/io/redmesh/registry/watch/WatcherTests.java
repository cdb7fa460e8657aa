package io.redmesh.registry.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.catalog.CatalogFixture;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.watch.Watcher.Receipt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WatcherTests {

	private static final int HISTORY = 8;

	private final ManualTime time = new ManualTime();

	private final NamespaceCatalog catalog = CatalogFixture.catalog(HISTORY, this.time);

	private final RecordingWire wire = new RecordingWire();

	private NamespaceWatches watches;

	private Cursor cursor = new Cursor("l", 1, 0);

	@BeforeEach
	void read() {
		CatalogFixture.reset(this.catalog, this.cursor, Duration.ZERO);
		this.watches = new NamespaceWatches(this.catalog,
				new WatchProperties(Duration.ofMillis(2), Duration.ofMillis(250), Duration.ofSeconds(10),
						Duration.ofSeconds(60), Duration.ofSeconds(2), 1000),
				this.time, this.time, new WatchMetrics(new SimpleMeterRegistry()));
		this.time.forward(Duration.ofSeconds(1));
	}

	@Test
	void theFirstChangeGoesOutAtOnceAndABurstTogether() {
		join("orders");
		put("orders", "a");
		this.time.forward(Duration.ZERO);
		assertThat(this.wire.last()).contains("event: delta", "\"id\":\"a\"");
		this.wire.takeAll();
		put("orders", "b");
		put("orders", "c");
		this.time.forward(Duration.ofMillis(1));
		assertThat(this.wire.last()).doesNotContain("\"id\":\"b\"");
		this.time.forward(Duration.ofMillis(1));
		assertThat(this.wire.last()).contains("\"id\":\"b\"", "\"id\":\"c\"");
	}

	@Test
	void onlyOneFrameIsInFlightAndTheNextHasTheLastOfEachInstance() {
		join("orders");
		put("orders", "a");
		beat();
		int sent = this.wire.frames.size();
		for (int i = 0; i < 3; i++) {
			put("orders", "b");
			gone("orders", "c");
			beat();
		}
		assertThat(this.wire.frames).hasSize(sent);
		this.wire.takeAll();
		assertThat(this.wire.frames).hasSize(sent + 1);
		assertThat(this.wire.last().split("\"gone\":\"DEREGISTERED\"", -1)).hasSize(2);
		assertThat(this.wire.last().split("\"instance\":", -1)).hasSize(2);
	}

	@Test
	void watcherThatFellBehindTheHistoryGetsASnapshot() {
		join("orders");
		put("orders", "a");
		beat();
		for (int i = 0; i < HISTORY + 1; i++) {
			put("orders", "i" + i);
			beat();
		}
		this.wire.takeAll();
		assertThat(this.wire.last()).contains("event: snapshot", "\"complete\":true", "\"id\":\"a\"", "\"id\":\"i8\"");
	}

	@Test
	void whatDoesNotConcernAWatcherDoesNotLetItFallBehind() {
		join("orders");
		for (int i = 0; i < HISTORY * 3; i++) {
			put("other", "i" + i);
			beat();
		}
		put("orders", "a");
		beat();
		assertThat(this.wire.last()).contains("event: delta", "\"id\":\"a\"");
	}

	@Test
	void aResetIsASnapshotForEveryWatcher() {
		join("orders");
		put("orders", "a");
		beat();
		this.wire.takeAll();
		this.cursor = new Cursor("l", 2, 1);
		CatalogFixture.reset(this.catalog, this.cursor, Duration.ofSeconds(15), Instance.of("orders", "b", "h", 1));
		beat();
		assertThat(this.wire.last()).contains("event: snapshot", "\"complete\":false", "\"id\":\"a\"", "\"id\":\"b\"");
		this.wire.takeAll();
		put("orders", "c");
		beat();
		assertThat(this.wire.last()).contains("event: delta", "\"id\":\"c\"");
		this.wire.takeAll();
		this.time.forward(Duration.ofSeconds(15));
		this.catalog.swept(Collections.emptySortedSet());
		this.time.forward(Duration.ofSeconds(1));
		assertThat(this.wire.frames).anySatisfy((frame) -> assertThat(frame)
			.contains("event: snapshot", "\"complete\":true", "\"id\":\"b\"", "\"id\":\"c\"")
			.doesNotContain("\"id\":\"a\""));
	}

	@Test
	void framesAreEncodedOnceForAllWatchersOfTheSameServices() {
		Audience audience = join("orders").audience();
		RecordingWire second = new RecordingWire();
		Watcher other = this.watches.join(new Interest(new TreeSet<>(List.of("orders")), false), null, second);
		other.wakeUp();
		second.takeAll();
		assertThat(other.audience()).isSameAs(audience);
		put("orders", "a");
		beat();
		assertThat(second.last()).isEqualTo(this.wire.last()).contains("event: delta");
		assertThat(audience.delta(0, this.catalog.position())).isSameAs(audience.delta(0, this.catalog.position()));
	}

	@Test
	void silenceIsPingedAndAStalledReaderIsCut() {
		Watcher watcher = join("orders");
		int sent = this.wire.frames.size();
		this.time.forward(Duration.ofSeconds(9));
		tick(watcher);
		assertThat(this.wire.frames).hasSize(sent);
		this.time.forward(Duration.ofSeconds(1));
		tick(watcher);
		assertThat(this.wire.last()).startsWith("event: ping\nid: l.1.0~");
		this.time.forward(Duration.ofSeconds(59));
		tick(watcher);
		assertThat(this.wire.frames).hasSize(sent + 1);
		assertThat(this.wire.cut).isFalse();
		this.time.forward(Duration.ofSeconds(1));
		tick(watcher);
		assertThat(this.wire.cut).isTrue();
	}

	@Test
	void aReceiptIsGivenWhenTheNetworkHasTakenTheChange() {
		Watcher watcher = join("orders");
		List<String> given = new ArrayList<>();
		put("orders", "a");
		watcher.await(new Receipt(this.cursor.revision(), () -> given.add("a")));
		assertThat(given).as("not published").isEmpty();
		beat();
		assertThat(given).as("in flight").isEmpty();
		this.wire.takeAll();
		assertThat(given).containsExactly("a");
		watcher.await(new Receipt(this.cursor.revision(), () -> given.add("known")));
		watcher.await(new Receipt(this.cursor.revision() + 1, () -> given.add("never")));
		assertThat(given).containsExactly("a", "known");
		watcher.closed();
		assertThat(given).as("a closed watcher delays no receipt").containsExactly("a", "known", "never");
	}

	private Watcher join(String... services) {
		Watcher watcher = this.watches.join(new Interest(new TreeSet<>(List.of(services)), false), null, this.wire);
		watcher.wakeUp();
		this.wire.takeAll();
		assertThat(this.wire.frames.get(0)).startsWith("event: ping");
		assertThat(this.wire.last()).startsWith("event: snapshot");
		return watcher;
	}

	private static void tick(Watcher watcher) {
		watcher.tick(Duration.ofSeconds(10).toNanos(), Duration.ofSeconds(60).toNanos());
	}

	private void put(String service, String id) {
		this.cursor = this.cursor.at(this.cursor.revision() + 1);
		CatalogFixture.put(this.catalog, this.cursor, Instance.of(service, id, "h", 1));
	}

	private void gone(String service, String id) {
		this.cursor = this.cursor.at(this.cursor.revision() + 1);
		CatalogFixture.gone(this.catalog, this.cursor, service, id);
	}

	private void beat() {
		this.time.forward(Duration.ofSeconds(1));
	}

}
