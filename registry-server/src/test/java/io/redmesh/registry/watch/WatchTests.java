package io.redmesh.registry.watch;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.MeterRegistry;
import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.TestServer;
import io.redmesh.registry.TestServer.Answer;
import io.redmesh.registry.store.memory.MemoryRegistryStore;
import io.redmesh.registry.watch.EventStream.Event;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class WatchTests {

	private static final AtomicInteger namespaces = new AtomicInteger();

	private static TestServer server;

	private final String namespace = "n" + namespaces.incrementAndGet();

	private final String services = "/v1/namespaces/" + this.namespace + "/services/";

	@BeforeAll
	static void start() {
		ManualTime time = new ManualTime();
		MemoryRegistryStore store = new MemoryRegistryStore(time);
		// The store is old enough that no instance can be missing.
		time.forward(Duration.ofMinutes(1));
		server = TestServer.with("mesh.server.catalog.history=64", "mesh.server.watch.ping=200ms").store(store).start();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void itBeginsWithAPingAndASnapshotAndGoesOnWithDeltas() throws Exception {
		String token = register("orders", "a");
		register("other", "x");
		try (EventStream stream = EventStream.open(server, this.namespace, "?service=orders&service=absent")) {
			assertThat(stream.head()).contains("HTTP/1.1 200 OK", "Content-Type: text/event-stream",
					"Cache-Control: no-cache", "X-Accel-Buffering: no");
			assertThat(stream.next().name()).isEqualTo("ping");
			Event snapshot = stream.next();
			assertThat(snapshot.name()).isEqualTo("snapshot");
			assertThat(snapshot.data().path("cursor").stringValue()).isNotEmpty();
			assertThat(snapshot.data().path("services").propertyNames()).containsExactly("absent", "orders");
			assertThat(snapshot.instances("orders")).containsExactly("a");
			assertThat(snapshot.instances("absent")).isEmpty();
			register("orders", "b");
			Event delta = stream.nextNews();
			assertThat(delta.name()).isEqualTo("delta");
			assertThat(delta.data().at("/changes/0/instance/id").stringValue()).isEqualTo("b");
			server.delete(this.services + "orders/instances/a", "Mesh-Lease", token);
			assertThat(stream.nextNews().data().path("changes").toString())
				.isEqualTo("[{\"service\":\"orders\",\"id\":\"a\",\"gone\":\"DEREGISTERED\"}]");
			register("other", "y");
			assertThat(stream.isSilent()).as("changes of other services are not sent").isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "?service=*", "?service=orders&service=*", "?instance=storefront/1" })
	void everythingIsWatchedUnlessServicesAreNamed(String query) throws Exception {
		register("orders", "a");
		try (EventStream stream = EventStream.open(server, this.namespace, query)) {
			assertThat(stream.nextNews().data().path("services").propertyNames()).containsExactly("orders");
			register("later", "a");
			assertThat(stream.nextNews().data().at("/changes/0/service").stringValue()).isEqualTo("later");
		}
	}

	@Test
	void whatIsNotPermittedIsRefusedBeforeTheStreamBegins() {
		for (String query : List.of("?service=A", "?instance=orders", "?instance=orders/%20")) {
			Answer answer = server.get("/v1/namespaces/" + this.namespace + "/watch" + query);
			assertThat(answer.status()).isEqualTo(400);
			assertThat(answer.problem()).isEqualTo("invalid-field");
		}
		assertThat(server.get("/v1/namespaces/" + this.namespace + "/watch", "Accept", "text/html").status())
			.isEqualTo(406);
	}

	@Test
	void headRequestGetsNoStream() {
		Answer answer = server.head("/v1/namespaces/" + this.namespace + "/watch");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("Content-Type")).startsWith("text/event-stream");
	}

	@Test
	void watchingMakesNoNamespace() throws Exception {
		try (EventStream stream = EventStream.open(server, this.namespace, "")) {
			stream.nextNews();
			String read = "/v1/namespaces/" + this.namespace + "/services";
			assertThat(server.get(read).problem()).isEqualTo("not-found");
			register("orders", "a");
			Awaitility.await().untilAsserted(() -> assertThat(server.get(read).status()).isEqualTo(200));
		}
	}

	@Test
	void silenceIsFilledWithPingsThatMoveTheCursor() throws Exception {
		try (EventStream stream = EventStream.open(server, this.namespace, "?service=orders")) {
			stream.nextNews();
			register("other", "x");
			String cursor = server.get(this.services.replaceFirst("/$", "")).json().path("cursor").stringValue();
			Awaitility.await().untilAsserted(() -> {
				Event ping = stream.next();
				assertThat(ping.name()).isEqualTo("ping");
				assertThat(ping.id()).startsWith(cursor);
			});
		}
	}

	@Test
	void watcherThatReconnectsGoesOnWhereItWas() throws Exception {
		register("orders", "a");
		String last = lastId("?service=orders", 1);
		register("orders", "b");
		register("other", "x");
		try (EventStream stream = EventStream.open(server, this.namespace, "?service=orders", "Last-Event-ID", last)) {
			Event delta = stream.nextNews();
			assertThat(delta.name()).isEqualTo("delta");
			assertThat(delta.data().findValuesAsString("id")).contains("b").doesNotContain("a", "x");
			register("orders", "c");
			assertThat(stream.nextNews().data().at("/changes/0/id").stringValue()).isEqualTo("c");
		}
	}

	@Test
	void watcherThatMissedNothingIsSentNothing() throws Exception {
		register("orders", "a");
		String last = lastId("?service=orders", 1);
		try (EventStream stream = EventStream.open(server, this.namespace, "?service=orders", "Last-Event-ID", last)) {
			assertThat(stream.isSilent()).isTrue();
			register("orders", "b");
			assertThat(stream.nextNews().data().at("/changes/0/id").stringValue()).isEqualTo("b");
		}
	}

	@Test
	void watcherThatCannotGoOnGetsASnapshot() throws Exception {
		register("orders", "a");
		String last = lastId("?service=orders", 1);
		String cursor = last.substring(0, last.indexOf('~'));
		String mark = last.substring(last.indexOf('~'));
		for (String id : List.of("", "rubbish", "~", cursor, cursor.replaceFirst("^.", "x") + mark,
				cursor.replaceFirst("\\.\\d+\\.", ".1.") + mark, cursor + "000" + mark)) {
			try (EventStream stream = EventStream.open(server, this.namespace, "?service=orders", "Last-Event-ID",
					id)) {
				assertThat(stream.nextNews().name()).as(id).isEqualTo("snapshot");
			}
		}
		try (EventStream stream = EventStream.open(server, this.namespace, "?service=orders&service=more",
				"Last-Event-ID", last)) {
			assertThat(stream.nextNews().name()).as("other services").isEqualTo("snapshot");
		}
	}

	@Test
	void whenHistoryHasGoneOnTooFarASnapshotIsSent() throws Exception {
		register("orders", "a");
		String last = lastId("?service=orders", 1);
		for (int i = 0; i < 65; i++) {
			register("orders", "i" + i);
		}
		try (EventStream stream = EventStream.open(server, this.namespace, "?service=orders", "Last-Event-ID", last)) {
			Event snapshot = stream.nextNews();
			assertThat(snapshot.name()).isEqualTo("snapshot");
			assertThat(snapshot.instances("orders")).hasSize(66);
		}
	}

	@Test
	void aSlowReaderIsSentOneFrameAtATime() throws Exception {
		String metadata = "\"metadata\":{\"filler\":\"" + "x".repeat(1000) + "\"}";
		try (EventStream slow = EventStream.open(server, this.namespace, "")) {
			int changes = 0;
			// While the network takes frames, there is one for every few changes. Once it
			// takes no more, not a single one is sent, however many changes follow.
			double sent;
			do {
				sent = deltas();
				for (int i = 0; i < 400; i++) {
					put("big", "i" + (changes++ % 50), metadata + ",\"weight\":" + (changes % 10_000));
				}
			}
			while (isMoreThan(sent) && changes < 40_000);
			assertThat(changes).isLessThan(40_000);
			put("big", "last", metadata);
			Event event = slow.nextNews();
			int frames = 0;
			while (!event.data().toString().contains("\"last\"")) {
				event = slow.nextNews();
				frames++;
			}
			assertThat(event.name()).as("fallen behind further than the history").isEqualTo("snapshot");
			assertThat(event.instances("big")).hasSize(51);
			assertThat(frames).isLessThan(changes);
		}
	}

	@Test
	void drainingIsAnsweredWhenEveryWatcherHasBeenToldOf() throws Exception {
		String token = register("orders", "a");
		try (EventStream one = EventStream.open(server, this.namespace, "?service=orders");
				EventStream two = EventStream.open(server, this.namespace, "")) {
			one.nextNews();
			two.nextNews();
			double before = deltas();
			Answer answer = server.put(this.services + "orders/instances/a/status", "{\"status\":\"DRAINING\"}",
					"Mesh-Lease", token);
			assertThat(answer.status()).isEqualTo(200);
			assertThat(deltas()).as("sent before the response").isEqualTo(before + 2);
			assertThat(one.nextNews().data().at("/changes/0/instance/status").stringValue()).isEqualTo("DRAINING");
			assertThat(two.nextNews().data().at("/changes/0/instance/status").stringValue()).isEqualTo("DRAINING");
		}
	}

	@Test
	void whenTheServerStopsWatchersAreSentElsewhereAtOnce() throws Exception {
		TestServer leaving = TestServer.start();
		List<EventStream> streams = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			EventStream stream = EventStream.open(leaving, "default", "");
			stream.nextNews();
			streams.add(stream);
		}
		CompletableFuture<Void> stopped = CompletableFuture.runAsync(leaving::close);
		for (EventStream stream : streams) {
			assertThat(stream.nextNews()).as("the end of the response").isNull();
			stream.close();
		}
		stopped.get(5, TimeUnit.SECONDS);
	}

	@Test
	void watcherThatDisconnectsIsForgotten() throws Exception {
		EventStream stream = EventStream.open(server, this.namespace, "");
		stream.nextNews();
		double watchers = watchers();
		stream.close();
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> watchers() == watchers - 1);
	}

	private String register(String service, String id) {
		return server.register(this.namespace, service, id);
	}

	private double watchers() {
		return server.bean(MeterRegistry.class).get("mesh.server.watchers").gauge().value();
	}

	/** Tells whether one more delta is sent. Waits for it, as the machine may be busy. */
	private static boolean isMoreThan(double sent) {
		try {
			Awaitility.await().pollDelay(Duration.ZERO).atMost(Duration.ofSeconds(2)).until(() -> deltas() > sent);
			return true;
		}
		catch (ConditionTimeoutException ex) {
			return false;
		}
	}

	private static double deltas() {
		return server.bean(MeterRegistry.class).get("mesh.server.watch.frames").tag("kind", "delta").counter().count();
	}

	private void put(String service, String id, String more) {
		Answer answer = server.put(this.services + service + "/instances/" + id,
				"{\"host\":\"10.0.0.7\",\"port\":8080," + more + "}");
		assertThat(answer.status()).isIn(200, 201);
	}

	private String lastId(String query, int news) throws IOException {
		try (EventStream stream = EventStream.open(server, this.namespace, query)) {
			String id = null;
			for (int i = 0; i < news; i++) {
				id = stream.nextNews().id();
			}
			return id;
		}
	}

}
