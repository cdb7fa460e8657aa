package io.redmesh.registry.eviction;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.catalog.CatalogFixture;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.catalog.Namespaces;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.StoreUnavailableException;
import io.redmesh.registry.store.memory.MemoryRegistryStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Tests of the steps of a check, their times, and the limits of checks at a time. */
@Timeout(60)
class SuspectChecksTests {

	private static final Incarnation A = new Incarnation("orders", "a", 7);

	private final ManualTime time = new ManualTime();

	private final LoopResources loops = LoopResources.create("probe", 1, true);

	private final TcpProbe probe = new TcpProbe(this.loops);

	/** The questions that the verifier has asked the store. */
	private final List<String> asked = new CopyOnWriteArrayList<>();

	private volatile boolean storeFails;

	private final RegistryStore store = store(new MemoryRegistryStore(this.time));

	private final Namespaces namespaces = CatalogFixture.namespaces(this.store, this.time);

	private final NamespaceCatalog catalog = this.namespaces.follow("default");

	private final ReachableInstances reachable = new ReachableInstances(this.namespaces, this.probe, this.time);

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final SuspectVerifier verifier = new SuspectVerifier(this.store, this.namespaces, this.probe,
			this.reachable, new EvictionProperties(Duration.ofSeconds(1), 200, Duration.ofMinutes(10)), this.time,
			this.meters);

	private final Cursor cursor = new Cursor("l", 1, 10);

	private Target target;

	private Instance instance;

	@BeforeEach
	void reach() throws IOException {
		this.target = new Target();
		this.instance = this.target.instance("a").withFence(7);
		CatalogFixture.reset(this.catalog, this.cursor, Duration.ZERO, this.instance);
		this.reachable.start();
		this.time.forward(Duration.ofSeconds(1));
		await().until(() -> this.reachable.hasReached("default", this.instance));
		this.reachable.stop();
		this.time.forward(Duration.ofSeconds(1));
		await().until(() -> this.target.accepted.size() == 1);
		assertThat(this.time.pending()).isEmpty();
	}

	@AfterEach
	void close() throws IOException {
		this.target.close();
		this.loops.dispose();
	}

	@Test
	void anInstanceThatAcceptsIsCheckedThreeTimesWithinASecond() {
		this.verifier.hint("default", A);
		for (long delay : List.of(50, 250, 700)) {
			await().until(() -> this.time.pending().equals(List.of(Duration.ofMillis(delay))));
			this.time.forward(Duration.ofMillis(delay));
		}
		await().until(this.verifier::isIdle);
		await().until(() -> this.target.accepted.size() == 4);
		assertThat(this.time.pending()).isEmpty();
		assertThat(this.asked).isEmpty();
	}

	@Test
	void aPortThatClosesLateIsStillNoticed() throws IOException {
		this.verifier.hint("default", A);
		for (long delay : List.of(50, 250)) {
			await().until(() -> this.time.pending().equals(List.of(Duration.ofMillis(delay))));
			this.time.forward(Duration.ofMillis(delay));
		}
		await().until(() -> this.time.pending().equals(List.of(Duration.ofMillis(700))));
		this.target.refuse();
		this.time.forward(Duration.ofMillis(700));
		await().until(() -> this.asked.equals(List.of("suspect orders/a")));
	}

	@Test
	void anInstanceThatRefusesTwiceIsSuspectAndThenEvicted() throws IOException {
		this.target.refuse();
		hintAndBecomeSuspect();
		this.time.forward(Duration.ofMillis(199));
		assertThat(this.asked).hasSize(1);
		this.time.forward(Duration.ofMillis(1));
		await().until(this.verifier::isIdle);
		assertThat(this.asked).containsExactly("suspect orders/a", "evictRefused orders/a");
		assertThat(this.meters.get("mesh.server.evictions.refused").counter().count()).isOne();
	}

	@Test
	void anInstanceThatAcceptsAgainIsCleared() throws IOException {
		this.target.refuse();
		hintAndBecomeSuspect();
		this.target.acceptAgain();
		this.time.forward(Duration.ofMillis(200));
		await().until(this.verifier::isIdle);
		assertThat(this.asked).containsExactly("suspect orders/a", "clear orders/a");
		assertThat(this.meters.get("mesh.server.evictions.refused").counter().count()).isZero();
	}

	@Test
	void anInstanceThatHasGoneMeanwhileIsLeftAlone() throws IOException {
		this.target.refuse();
		hintAndBecomeSuspect();
		CatalogFixture.gone(this.catalog, this.cursor.at(11), "orders", "a");
		this.time.forward(Duration.ofMillis(200));
		await().until(this.verifier::isIdle);
		assertThat(this.asked).hasSize(1);
	}

	@Test
	void anIncarnationThatIsNotTheRegisteredOneIsNotEvenProbed() {
		this.verifier.hint("default", new Incarnation("orders", "a", 6));
		this.verifier.hint("default", new Incarnation("orders", "b", 7));
		this.verifier.hint("nowhere", A);
		assertThat(this.verifier.isIdle()).isFalse();
		this.time.forward(Duration.ofMillis(50));
		assertThat(this.verifier.isIdle()).isTrue();
		assertThat(this.target.accepted).hasSize(1);
		assertThat(this.meters.get("mesh.server.hints").counter().count()).isEqualTo(3);
	}

	@Test
	void aStoreThatFailsEndsTheCheckAtEachStep() throws IOException {
		this.target.refuse();
		this.storeFails = true;
		this.verifier.hint("default", A);
		this.time.forward(Duration.ofMillis(50));
		await().until(this.verifier::isIdle);
		assertThat(this.time.pending()).as("no second probe").isEmpty();
		this.storeFails = false;
		hintAndBecomeSuspect();
		this.storeFails = true;
		this.time.forward(Duration.ofMillis(200));
		await().until(this.verifier::isIdle);
		assertThat(this.asked).containsExactly("suspect orders/a", "suspect orders/a", "evictRefused orders/a");
		assertThat(this.meters.get("mesh.server.evictions.refused").counter().count()).isZero();
	}

	@Test
	void hintsOfAnIncarnationThatIsBeingCheckedAreDropped() {
		for (int i = 0; i < 50; i++) {
			this.verifier.hint("default", A);
		}
		assertThat(this.time.pending()).hasSize(1);
		this.time.forward(Duration.ofMillis(50));
		await().until(() -> this.time.pending().equals(List.of(Duration.ofMillis(250))));
		this.verifier.hint("default", A);
		assertThat(this.time.pending()).hasSize(1);
	}

	@Test
	void aHundredAreCheckedAtATimeAndTenThousandWait() {
		for (int i = 0; i < 10_300; i++) {
			this.verifier.hint("default", new Incarnation("orders", "unknown" + i, 1));
		}
		int checked = 0;
		while (!this.time.pending().isEmpty()) {
			assertThat(this.time.pending()).hasSize(100);
			checked += 100;
			this.time.forward(Duration.ofMillis(50));
		}
		assertThat(checked).isEqualTo(10_100);
		assertThat(this.verifier.isIdle()).isTrue();
	}

	@Test
	void hintsThatWaitAreTakenInOrderAndEachOnce() {
		for (int i = 0; i < 100; i++) {
			this.verifier.hint("default", new Incarnation("orders", "unknown" + i, 1));
		}
		this.verifier.hint("default", A);
		this.verifier.hint("default", new Incarnation("orders", "later", 1));
		this.verifier.hint("default", A);
		assertThat(this.time.pending()).hasSize(100);
		this.time.forward(Duration.ofMillis(50));
		assertThat(this.time.pending()).containsExactly(Duration.ofMillis(50), Duration.ofMillis(50));
		this.time.forward(Duration.ofMillis(50));
		await().until(() -> this.time.pending().equals(List.of(Duration.ofMillis(250))));
		assertThat(this.target.accepted).hasSizeLessThanOrEqualTo(2);
	}

	private void hintAndBecomeSuspect() {
		int before = this.asked.size();
		this.verifier.hint("default", A);
		this.time.forward(Duration.ofMillis(50));
		await().until(
				() -> this.asked.size() == before + 1 && this.time.pending().equals(List.of(Duration.ofMillis(200))));
	}

	/** Creates a store that answers questions about suspects with yes, or fails. */
	private RegistryStore store(RegistryStore memory) {
		return (RegistryStore) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { RegistryStore.class }, (proxy, method, arguments) -> {
					if (!List.of("suspect", "clear", "evictRefused").contains(method.getName())) {
						return method.invoke(memory, arguments);
					}
					this.asked.add(method.getName() + " " + arguments[1]);
					return this.storeFails ? Mono.error(new StoreUnavailableException("away")) : Mono.just(true);
				});
	}

}
