package io.redmesh.registry.eviction;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;

import io.micrometer.core.instrument.MeterRegistry;
import io.redmesh.core.time.Time;
import io.redmesh.registry.TestServer;
import io.redmesh.registry.TestServer.Answer;
import io.redmesh.registry.catalog.CatalogInstance;
import io.redmesh.registry.catalog.Namespaces;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.memory.MemoryRegistryStore;
import io.redmesh.registry.watch.EventStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Tests with two real servers on one store, and an instance with a real port. */
@Timeout(60)
class SuspectVerifierTests {

	private static final String SECRET = "0123456789abcdef0123456789abcdef";

	private static final String INSTANCE = "/v1/namespaces/default/services/orders/instances/a";

	private final MemoryRegistryStore store = new MemoryRegistryStore(Time.system());

	private final TestServer server = TestServer.with().store(this.store).start();

	private final TestServer other = TestServer.with().store(this.store).start();

	private ServerSocket target;

	private long fence;

	@BeforeEach
	void register() throws IOException {
		this.target = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		Answer answer = this.server.put(INSTANCE,
				"{\"host\":\"127.0.0.1\",\"port\":%d}".formatted(this.target.getLocalPort()), "Mesh-Incarnation",
				SECRET);
		assertThat(answer.status()).isEqualTo(201);
		this.fence = answer.json().at("/lease/fence").longValue();
	}

	@AfterEach
	void close() throws IOException {
		this.target.close();
		this.server.close();
		this.other.close();
	}

	@Test
	void instanceWhoseWatchClosesAndWhosePortRefusesIsEvictedAtOnce() throws Exception {
		EventStream own = watch(this.server);
		awaitReached(this.server);
		this.target.close();
		own.close();
		await().atMost(Duration.ofSeconds(2)).until(() -> instance(this.server) == null);
		assertThat(this.server.bean(MeterRegistry.class).get("mesh.server.evictions.refused").counter().count())
			.isEqualTo(1);
	}

	@Test
	void instanceThatAcceptsConnectionsIsNotEvenSuspected() throws Exception {
		EventStream own = watch(this.server);
		awaitReached(this.server);
		own.close();
		SuspectVerifier verifier = this.server.bean(SuspectVerifier.class);
		await().until(() -> hints(this.server) == 1);
		await().until(verifier::isIdle);
		assertThat(instance(this.server).stored().changed().revision()).isEqualTo(1);
	}

	@Test
	void refusalOfAnAddressThatWasNeverReachedSaysNothing() throws Exception {
		this.target.close();
		hint(this.server, this.fence);
		SuspectVerifier verifier = this.server.bean(SuspectVerifier.class);
		await().until(verifier::isIdle);
		assertThat(instance(this.server).stored().changed().revision()).isEqualTo(1);
	}

	@Test
	void instanceThatRefusesCallersIsEvicted() throws Exception {
		awaitReached(this.server);
		this.target.close();
		hint(this.server, this.fence - 1);
		hint(this.server, this.fence);
		await().atMost(Duration.ofSeconds(2)).until(() -> instance(this.server) == null);
	}

	@Test
	void hintThatComesAgainAndAgainKeepsNoOtherWaiting() throws Exception {
		awaitReached(this.server);
		this.target.close();
		SuspectVerifier verifier = this.server.bean(SuspectVerifier.class);
		for (int i = 0; i < 100; i++) {
			verifier.hint("default", new Incarnation("orders", "unknown" + i, 1));
		}
		for (int i = 0; i < 300; i++) {
			verifier.hint("default", new Incarnation("orders", "again", 1));
		}
		hint(this.server, this.fence);
		await().atMost(Duration.ofSeconds(2)).until(() -> instance(this.server) == null);
		await().until(verifier::isIdle);
	}

	@Test
	void instanceThatWatchesAnotherServerIsVouchedFor() throws Exception {
		EventStream own = watch(this.other);
		awaitReached(this.server);
		awaitReached(this.other);
		this.target.close();
		hint(this.server, this.fence);
		SuspectVerifier verifier = this.server.bean(SuspectVerifier.class);
		// It was made a suspect, and cleared.
		await().until(() -> instance(this.server).stored().changed().revision() == 3);
		await().until(verifier::isIdle);
		assertThat(instance(this.server).instance().suspect()).isFalse();
		own.close();
		await().atMost(Duration.ofSeconds(2)).until(() -> instance(this.server) == null);
	}

	@Test
	void watchThatProvesNothingIsNoHint() throws Exception {
		awaitReached(this.server);
		this.target.close();
		EventStream.open(this.server, "default", "?instance=orders/a").close();
		EventStream.open(this.server, "default", "?instance=orders/a", "Mesh-Incarnation", SECRET.replace('0', '1'))
			.close();
		hint(this.server, this.fence + 1);
		await().until(() -> hints(this.server) == 1);
		await().until(this.server.bean(SuspectVerifier.class)::isIdle);
		assertThat(instance(this.server).stored().changed().revision()).isEqualTo(1);
	}

	@Test
	void malformedHintsAreRefusedByName() {
		String path = "/v1/namespaces/default/hints";
		assertThat(this.server.post(path, "{\"refused\":[]}").problem()).isEqualTo("invalid-field");
		assertThat(this.server.post(path, "{\"refuse\":[]}").problem()).isEqualTo("unknown-field");
		assertThat(this.server.post(path, "{\"refused\":[{\"service\":\"orders\",\"id\":\"a\"}]}")
			.json()
			.path("field")
			.stringValue()).isEqualTo("refused[0].fence");
		assertThat(this.server
			.post("/v1/namespaces/nowhere/hints", "{\"refused\":[{\"service\":\"orders\",\"id\":\"a\",\"fence\":1}]}")
			.status()).isEqualTo(202);
	}

	private static EventStream watch(TestServer server) throws IOException {
		EventStream own = EventStream.open(server, "default", "?service=orders&instance=orders/a", "Mesh-Incarnation",
				SECRET);
		own.next();
		return own;
	}

	private static void hint(TestServer server, long fence) {
		assertThat(server
			.post("/v1/namespaces/default/hints",
					"{\"refused\":[{\"service\":\"orders\",\"id\":\"a\",\"fence\":%d}]}".formatted(fence))
			.status()).isEqualTo(202);
	}

	private static double hints(TestServer server) {
		return server.bean(MeterRegistry.class).get("mesh.server.hints").counter().count();
	}

	private static void awaitReached(TestServer server) {
		ReachableInstances reachable = server.bean(ReachableInstances.class);
		await().until(() -> reachable.hasReached("default", instance(server).instance()));
	}

	private static CatalogInstance instance(TestServer server) {
		return server.bean(Namespaces.class).find("default").instance("orders", "a");
	}

}
