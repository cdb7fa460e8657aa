package io.redmesh.registry.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
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

/** Which namespaces a server follows, and what it does when others have seen more. */
class CatalogTests {

	private final ManualTime time = new ManualTime();

	private final TestServer server = TestServer.with("mesh.server.catalog.max-namespaces=2").time(this.time).start();

	private final Catalog catalog = this.server.bean(Catalog.class);

	@AfterEach
	void close() {
		this.server.close();
	}

	@Test
	void namespaceThatNobodyWatchesAnyMoreIsGivenUp() throws IOException {
		EventStream first = EventStream.open(this.server, "x", "");
		first.next();
		assertThat(this.server.get("/v1/namespaces/y/watch").status()).isEqualTo(429);
		this.time.forward(Duration.ofMinutes(1));
		assertThat(this.catalog.find("x")).isNotNull();
		assertThat(gauges()).isEqualTo(2);
		first.close();
		await().until(() -> {
			this.time.forward(Duration.ofSeconds(10));
			return this.catalog.find("x") == null;
		});
		assertThat(gauges()).isEqualTo(1);
		try (EventStream second = EventStream.open(this.server, "y", "")) {
			assertThat(second.nextNews().name()).isEqualTo("snapshot");
			this.server.register("y", "orders", "a");
			this.time.forward(Duration.ofSeconds(1));
			assertThat(second.nextNews().data().toString()).contains("orders");
		}
		// Where something was registered once, it is followed on.
		this.time.forward(Duration.ofMinutes(5));
		assertThat(this.catalog.find("y")).isNotNull();
	}

	@Test
	void namespaceThatWasGivenUpIsFollowedAnew() throws IOException {
		EventStream.open(this.server, "x", "").close();
		await().until(() -> {
			this.time.forward(Duration.ofSeconds(10));
			return this.catalog.find("x") == null;
		});
		try (EventStream again = EventStream.open(this.server, "x", "")) {
			assertThat(again.nextNews().name()).isEqualTo("snapshot");
			this.server.register("x", "orders", "a");
			this.time.forward(Duration.ofSeconds(1));
			assertThat(again.nextNews().data().toString()).contains("orders");
		}
	}

	@Test
	void whoHasSeenALaterEpochIsSentElsewhereForAWhile() throws IOException {
		this.time.forward(Duration.ofSeconds(20));
		Standing standing = this.catalog.find("default").standing();
		String later = new Cursor(standing.cursor().lineage(), standing.cursor().epoch() + 1, 7) + "~all";
		try (EventStream behind = openWhileTimePasses(later)) {
			assertThat(behind.head().get(0)).contains("503");
		}
		this.time.forward(Duration.ofSeconds(40));
		try (EventStream waited = openWhileTimePasses(later)) {
			assertThat(waited.nextNews().name()).isEqualTo("snapshot");
		}
	}

	/** The server waits for itself to catch up before it answers. */
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
