package io.redmesh.registry.eviction;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.catalog.CatalogFixture;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.catalog.Namespaces;
import io.redmesh.registry.store.memory.MemoryRegistryStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.netty.resources.LoopResources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Tests of the incarnations that a server has reached, with real ports. */
@Timeout(60)
class ReachableInstancesTests {

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private final ManualTime time = new ManualTime();

	private final LoopResources loops = LoopResources.create("probe", 1, true);

	private final TcpProbe probe = new TcpProbe(this.loops);

	private final Namespaces namespaces = CatalogFixture.namespaces(new MemoryRegistryStore(this.time), this.time);

	private final NamespaceCatalog catalog = this.namespaces.follow("default");

	private final ReachableInstances reachable = new ReachableInstances(this.namespaces, this.probe, this.time);

	private Cursor cursor = new Cursor("l", 1, 10);

	private Target target;

	@BeforeEach
	void start() throws IOException {
		this.target = new Target();
		CatalogFixture.reset(this.catalog, this.cursor, Duration.ZERO);
		this.reachable.start();
	}

	@AfterEach
	void close() throws IOException {
		this.target.close();
		this.loops.dispose();
	}

	@Test
	void anInstanceIsProbedWhenItIsFirstSeenAndNoMore() {
		Instance a = put(this.target.instance("a").withFence(1));
		assertThat(hasReached(a)).isFalse();
		this.time.forward(INTERVAL);
		await().until(() -> hasReached(a));
		put(a.withWeight(7));
		put(a.withWeight(8).withSuspect(true));
		for (int i = 0; i < 5; i++) {
			this.time.forward(INTERVAL);
		}
		awaitEarlierProbes();
		assertThat(this.target.accepted).as("one of a, one of the last").hasSize(2);
	}

	@Test
	void anotherIncarnationMustBeReachedItself() throws IOException {
		Instance a = put(this.target.instance("a").withFence(1));
		this.time.forward(INTERVAL);
		await().until(() -> hasReached(a));
		this.target.refuse();
		Instance next = put(a.withFence(2));
		assertThat(hasReached(next)).isFalse();
		this.time.forward(INTERVAL);
		awaitRefusedProbes();
		assertThat(hasReached(next)).isFalse();
		this.target.acceptAgain();
		this.time.forward(INTERVAL);
		await().until(() -> hasReached(next));
		assertThat(hasReached(a)).as("the incarnation before").isFalse();
	}

	@Test
	void anInstanceThatRefusesIsTriedThreeTimes() throws IOException {
		this.target.refuse();
		Instance a = put(this.target.instance("a").withFence(1));
		for (int i = 0; i < 3; i++) {
			this.time.forward(INTERVAL);
		}
		awaitRefusedProbes();
		this.target.acceptAgain();
		for (int i = 0; i < 10; i++) {
			this.time.forward(INTERVAL);
		}
		awaitEarlierProbes();
		assertThat(hasReached(a)).isFalse();
		put(a.withWeight(7));
		this.time.forward(INTERVAL);
		await().until(() -> hasReached(a));
	}

	@Test
	void anInstanceThatAcceptsAtItsThirdProbeIsReached() throws IOException {
		this.target.refuse();
		Instance a = put(this.target.instance("a").withFence(1));
		this.time.forward(INTERVAL.multipliedBy(2));
		this.target.acceptAgain();
		this.time.forward(INTERVAL);
		await().until(() -> hasReached(a));
	}

	@Test
	void aMassStartCausesAHundredProbesInAnIntervalAtMost() {
		List<Instance> all = new ArrayList<>();
		for (int i = 0; i < 250; i++) {
			all.add(put(this.target.instance("i" + i).withFence(i + 1)));
		}
		for (int expected : List.of(100, 200, 250, 250)) {
			this.time.forward(INTERVAL);
			await().until(() -> all.stream().filter(this::hasReached).count() == expected);
			await().until(() -> this.target.accepted.size() == expected);
		}
	}

	@Test
	void theLimitIsThatOfAllNamespacesTogether() {
		NamespaceCatalog other = this.namespaces.follow("other");
		CatalogFixture.reset(other, this.cursor, Duration.ZERO);
		for (int i = 0; i < 80; i++) {
			put(this.target.instance("i" + i).withFence(1));
			CatalogFixture.put(other, this.cursor, this.target.instance("i" + i).withFence(1));
		}
		this.time.forward(INTERVAL);
		await().until(() -> this.target.accepted.size() == 100);
		Instance first = this.target.instance("i0").withFence(1);
		await().until(() -> {
			this.time.forward(INTERVAL);
			return hasReached(first) && this.reachable.hasReached("other", first);
		});
		assertThat(this.reachable.hasReached("elsewhere", first)).isFalse();
	}

	@Test
	void anInstanceThatIsGoneIsForgotten() {
		Instance a = put(this.target.instance("a").withFence(1));
		this.time.forward(INTERVAL);
		await().until(() -> hasReached(a));
		this.cursor = this.cursor.at(this.cursor.revision() + 1);
		CatalogFixture.gone(this.catalog, this.cursor, "orders", "a");
		this.time.forward(INTERVAL);
		assertThat(hasReached(a)).isFalse();
	}

	@Test
	void anInstanceThatWentBeforeItWasProbedIsNotProbed() {
		put(this.target.instance("a").withFence(1));
		this.cursor = this.cursor.at(this.cursor.revision() + 1);
		CatalogFixture.gone(this.catalog, this.cursor, "orders", "a");
		for (int i = 0; i < 4; i++) {
			this.time.forward(INTERVAL);
		}
		awaitEarlierProbes();
		assertThat(this.target.accepted).hasSize(1);
	}

	@Test
	void anotherGenerationKeepsWhatIsStillThere() {
		Instance a = put(this.target.instance("a").withFence(1));
		Instance b = put(this.target.instance("b").withFence(2));
		this.time.forward(INTERVAL);
		await().until(() -> hasReached(a) && hasReached(b));
		this.cursor = new Cursor("l", 2, 1);
		CatalogFixture.reset(this.catalog, this.cursor, Duration.ZERO, b, this.target.instance("c").withFence(3));
		this.time.forward(INTERVAL);
		await().until(() -> hasReached(this.target.instance("c").withFence(3)));
		assertThat(hasReached(a)).isFalse();
		assertThat(hasReached(b)).isTrue();
		assertThat(this.target.accepted).hasSize(3);
	}

	@Test
	void changesBeyondTheHistoryAreFoundInTheCatalog() {
		Instance first = put(this.target.instance("first").withFence(1));
		this.time.forward(INTERVAL);
		await().until(() -> hasReached(first));
		Instance early = put(this.target.instance("early").withFence(2));
		for (int i = 0; i < 1_100; i++) {
			this.cursor = this.cursor.at(this.cursor.revision() + 1);
			CatalogFixture.gone(this.catalog, this.cursor, "orders", (i == 7) ? "first" : "absent");
		}
		this.time.forward(INTERVAL);
		await().until(() -> hasReached(early));
		assertThat(hasReached(first)).isFalse();
	}

	@Test
	void instancesWithoutAPortTakeNoProbeFromOthers() {
		for (int i = 0; i < 100; i++) {
			put(Instance.of("orders", "a" + i, "127.0.0.1", 0).withFence(1));
		}
		Instance last = put(this.target.instance("last").withFence(1));
		this.time.forward(INTERVAL);
		await().until(() -> hasReached(last));
	}

	@Test
	void afterItsStopNothingIsProbedAndNothingScheduled() {
		this.reachable.stop();
		put(this.target.instance("a").withFence(1));
		this.time.forward(INTERVAL.multipliedBy(5));
		assertThat(this.time.pending()).isEmpty();
		this.probe.connect(this.target.instance("b")).block(Duration.ofSeconds(20));
		await().until(() -> this.target.accepted.size() == 1);
	}

	/** Waits until a probe that begins after all others has its result. */
	private void awaitEarlierProbes() {
		Instance last = put(this.target.instance("last").withFence(99));
		this.time.forward(INTERVAL);
		await().until(() -> hasReached(last));
		await().until(() -> this.target.accepted.size() > 0);
	}

	private void awaitRefusedProbes() {
		for (int i = 0; i < 5; i++) {
			this.probe.connect(this.target.instance("refused")).block(Duration.ofSeconds(20));
		}
	}

	private boolean hasReached(Instance instance) {
		return this.reachable.hasReached("default", instance);
	}

	private Instance put(Instance instance) {
		this.cursor = this.cursor.at(this.cursor.revision() + 1);
		CatalogFixture.put(this.catalog, this.cursor, instance);
		return instance;
	}

}
