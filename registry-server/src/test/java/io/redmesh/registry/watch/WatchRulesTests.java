package io.redmesh.registry.watch;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.TestServer;
import io.redmesh.registry.TestServer.Answer;
import io.redmesh.registry.store.memory.MemoryRegistryStore;
import io.redmesh.registry.watch.EventStream.Event;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

// A watch that sends no rules would send pings for ever.
@Timeout(30)
class WatchRulesTests {

	private static final String RULE = """
			{"apiVersion":"networking.istio.io/v1","kind":"VirtualService","metadata":{"name":"orders"},
			"spec":{"hosts":["orders"],"http":[{"route":[{"destination":{"host":"orders"}}],"timeout":"%s"}]}}""";

	private static final AtomicInteger namespaces = new AtomicInteger();

	private static TestServer server;

	private final String namespace = "n" + namespaces.incrementAndGet();

	private final String rule = "/v1/namespaces/" + this.namespace + "/rules/VirtualService/orders";

	@BeforeAll
	static void start() {
		ManualTime time = new ManualTime();
		MemoryRegistryStore store = new MemoryRegistryStore(time);
		// The store is old enough that nothing can be missing.
		time.forward(Duration.ofMinutes(1));
		server = TestServer.with("mesh.server.watch.ping=200ms").store(store).start();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void rulesComeOnConnectBeforeTheSnapshotAndOnEachChange() throws Exception {
		long first = put("1s");
		try (EventStream stream = open("?service=orders&rules=true")) {
			assertThat(stream.next().name()).isEqualTo("ping");
			Event rules = stream.next();
			assertThat(rules.name()).isEqualTo("rules");
			assertThat(rules.id()).isNull();
			assertThat(rules.data().path("complete").booleanValue()).isTrue();
			assertThat(rules.data().path("revision").stringValue()).isEqualTo(Long.toString(first));
			assertThat(Cursor.parse(rules.data().path("cursor").stringValue())).isNotNull();
			assertThat(rules.data().path("rules")).hasSize(1);
			assertThat(rules.data().at("/rules/0/kind").stringValue()).isEqualTo("VirtualService");
			assertThat(rules.data().at("/rules/0/name").stringValue()).isEqualTo("orders");
			assertThat(rules.data().at("/rules/0/generation").longValue()).isEqualTo(first);
			assertThat(rules.data().at("/rules/0/compatibility").stringValue()).isEqualTo("FRIENDLY");
			assertThat(rules.data().at("/rules/0/document/spec/http/0/timeout").stringValue()).isEqualTo("1s");
			assertThat(stream.next().name()).isEqualTo("snapshot");
			long second = put("2s");
			Event changed = stream.nextNews();
			assertThat(changed.name()).isEqualTo("rules");
			assertThat(changed.data().path("revision").stringValue()).isEqualTo(Long.toString(second));
			assertThat(changed.data().at("/rules/0/document/spec/http/0/timeout").stringValue()).isEqualTo("2s");
			server.register(this.namespace, "orders", "a");
			assertThat(stream.nextNews().name()).as("rules that stay are not sent again").isEqualTo("delta");
			assertThat(server.delete(this.rule).status()).isEqualTo(204);
			Event gone = stream.nextNews();
			assertThat(gone.name()).isEqualTo("rules");
			assertThat(gone.data().path("rules")).isEmpty();
			assertThat(Long.parseLong(gone.data().path("revision").stringValue())).isGreaterThan(second);
		}
	}

	@Test
	void aWatchThatDoesNotAskForRulesGetsNone() throws Exception {
		for (String query : List.of("", "?service=orders", "?rules=false")) {
			try (EventStream stream = open(query)) {
				assertThat(stream.nextNews().name()).isEqualTo("snapshot");
				put(query.length() + 1 + "s");
				server.register(this.namespace, "orders", "i" + query.length());
				assertThat(stream.nextNews().name()).isEqualTo("delta");
			}
		}
		assertThat(server.get("/v1/namespaces/" + this.namespace + "/watch?rules=yes").problem())
			.isEqualTo("invalid-field");
	}

	@Test
	void aWatchThatResumesGetsTheRulesOnlyIfTheyHaveChanged() throws Exception {
		put("1s");
		server.register(this.namespace, "orders", "a");
		String last;
		try (EventStream stream = open("?rules=true")) {
			assertThat(stream.nextNews().name()).isEqualTo("rules");
			last = stream.nextNews().id();
		}
		try (EventStream stream = open("?rules=true", "Last-Event-ID", last)) {
			assertThat(stream.isSilent()).isTrue();
		}
		put("2s");
		server.register(this.namespace, "orders", "b");
		try (EventStream stream = open("?rules=true", "Last-Event-ID", last)) {
			assertThat(stream.next().name()).isEqualTo("ping");
			assertThat(stream.next().name()).as("before the id that covers them").isEqualTo("rules");
			Event delta = stream.nextNews();
			assertThat(delta.name()).isEqualTo("delta");
			last = delta.id();
		}
		try (EventStream stream = open("?rules=true", "Last-Event-ID", last)) {
			assertThat(stream.isSilent()).isTrue();
		}
		try (EventStream stream = open("", "Last-Event-ID", last)) {
			assertThat(stream.nextNews().name()).as("another interest").isEqualTo("snapshot");
		}
	}

	@Test
	void pingsMoveTheIdPastAChangeOfRules() throws Exception {
		String last;
		try (EventStream stream = open("?rules=true")) {
			stream.nextNews();
			stream.nextNews();
			put("1s");
			assertThat(stream.nextNews().name()).isEqualTo("rules");
			last = stream.next().id();
		}
		try (EventStream stream = open("?rules=true", "Last-Event-ID", last)) {
			assertThat(stream.isSilent()).isTrue();
		}
	}

	private EventStream open(String query, String... headers) throws IOException {
		return EventStream.open(server, this.namespace, query, headers);
	}

	private long put(String timeout) {
		Answer answer = server.put(this.rule, RULE.formatted(timeout));
		assertThat(answer.status()).as(answer.toString()).isBetween(200, 201);
		return answer.json().path("generation").longValue();
	}

}
