package io.redmesh.registry.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.micrometer.core.instrument.MeterRegistry;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.TestServer;
import io.redmesh.registry.watch.EventStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the namespaces that a server follows, and for clients that have seen a later
 * epoch than the server.
 */
class NamespacesTests {

	private final ManualTime time = new ManualTime();

	private final TestServer server = TestServer.with("mesh.server.catalog.max-namespaces=2").time(this.time).start();

	private final Namespaces namespaces = this.server.bean(Namespaces.class);

	@AfterEach
	void close() {
		this.server.close();
	}

	@Test
	void namespaceThatIsNoLongerWatchedIsGivenUp() throws IOException {
		EventStream first = EventStream.open(this.server, "x", "");
		first.next();
		this.time.forward(Duration.ofMinutes(1));
		assertThat(this.namespaces.find("x")).isNotNull();
		assertThat(gauges()).isEqualTo(2);
		first.close();
		await().until(() -> {
			this.time.forward(Duration.ofSeconds(10));
			return this.namespaces.find("x") == null;
		});
		assertThat(gauges()).isEqualTo(1);
		try (EventStream second = EventStream.open(this.server, "y", "")) {
			assertThat(second.nextNews().name()).isEqualTo("snapshot");
			this.server.register("y", "orders", "a");
			this.time.forward(Duration.ofSeconds(1));
			assertThat(second.nextNews().data().toString()).contains("orders");
		}
		// A namespace in which an instance was registered is followed without watchers.
		this.time.forward(Duration.ofMinutes(5));
		assertThat(this.namespaces.find("y")).isNotNull();
	}

	@Test
	void madeUpNamesKeepNoRealNamespaceOut() throws IOException {
		List<EventStream> watches = new ArrayList<>();
		for (String name : List.of("v", "w", "x", "y")) {
			EventStream watch = EventStream.open(this.server, name, "");
			watch.next();
			watches.add(watch);
		}
		assertThat(this.server.get("/v1/namespaces/z/watch").status()).isEqualTo(429);
		assertThat(this.server.get("/v1/namespaces/z/services").status()).isEqualTo(404);
		this.server.register("z", "orders", "a");
		this.time.forward(Duration.ofSeconds(20));
		assertThat(this.server.get("/v1/namespaces/z/services/orders").status()).isEqualTo(200);
		assertThat(this.server.put("/v1/namespaces/w/services/orders/instances/a", "{\"host\":\"h\",\"port\":1}")
			.problem()).isEqualTo("too-many-namespaces");
		for (EventStream watch : watches) {
			watch.close();
		}
	}

	@Test
	void emptyNamespaceIsForgotten() {
		String token = this.server.register("x", "orders", "a");
		this.time.forward(Duration.ofSeconds(20));
		this.server.delete("/v1/namespaces/x/services/orders/instances/a", "Mesh-Lease", token);
		this.time.forward(Duration.ofMinutes(5));
		assertThat(this.namespaces.find("x")).isNotNull();
		this.time.forward(Duration.ofMinutes(10));
		assertThat(this.namespaces.find("x")).isNull();
		assertThat(this.server.get("/v1/namespaces/x/services").status()).isEqualTo(404);
	}

	@Test
	void namespaceThatWasGivenUpIsFollowedAnew() throws IOException {
		EventStream.open(this.server, "x", "").close();
		await().until(() -> {
			this.time.forward(Duration.ofSeconds(10));
			return this.namespaces.find("x") == null;
		});
		try (EventStream again = EventStream.open(this.server, "x", "")) {
			assertThat(again.nextNews().name()).isEqualTo("snapshot");
			this.server.register("x", "orders", "a");
			this.time.forward(Duration.ofSeconds(1));
			assertThat(again.nextNews().data().toString()).contains("orders");
		}
	}

	@Test
	void clientThatHasSeenALaterEpochIsSentElsewhereForAWhile() throws IOException {
		this.time.forward(Duration.ofSeconds(20));
		CatalogPosition position = this.namespaces.find("default").position();
		String later = new Cursor(position.cursor().lineage(), position.cursor().epoch() + 1, 7) + "~all";
		try (EventStream behind = openWhileTimePasses(later)) {
			assertThat(behind.head().get(0)).contains("503");
		}
		this.time.forward(Duration.ofSeconds(40));
		try (EventStream waited = openWhileTimePasses(later)) {
			assertThat(waited.nextNews().name()).isEqualTo("snapshot");
		}
	}

	/**
	 * Opens a watch while time passes. The server waits to catch up before it responds.
	 */
	private EventStream openWhileTimePasses(String last) {
		CompletableFuture<EventStream> opened = CompletableFuture.supplyAsync(() -> {
			try {
				return EventStream.open(this.server, "default", "", "Last-Event-ID", last);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
		await().until(() -> {
			this.time.forward(Duration.ofMillis(200));
			return opened.isDone();
		});
		return opened.join();
	}

	private long gauges() {
		return this.server.bean(MeterRegistry.class).find("mesh.server.catalog.instances").gauges().size();
	}

}
