package io.redmesh.registry.eviction;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.catalog.CatalogFixture;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.catalog.Namespaces;
import io.redmesh.registry.store.Digest;
import io.redmesh.registry.store.Guard;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.StoreUnavailableException;
import io.redmesh.registry.store.Sweep;
import io.redmesh.registry.store.memory.MemoryRegistryStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of what a server does with the result of a sweep, and when it sweeps again. */
class SweepOutcomesTests {

	private static final Cursor HEAD = new Cursor("l", 1, 10);

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private final ManualTime time = new ManualTime();

	private final LoopResources loops = LoopResources.create("probe", 1, true);

	private final List<String> swept = new ArrayList<>();

	private final List<String> reread = new ArrayList<>();

	private final Set<String> failing = new TreeSet<>();

	private Sweep result = sweep(null);

	private final RegistryStore store = store(new MemoryRegistryStore(this.time));

	private final Namespaces namespaces = CatalogFixture.namespaces(this.store, this.time);

	private final NamespaceCatalog catalog = this.namespaces.follow("default");

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final Sweeper sweeper = sweeper();

	@BeforeEach
	void start() {
		CatalogFixture.reset(this.catalog, HEAD, Duration.ZERO, Instance.of("orders", "a", "10.0.0.7", 8080));
		this.sweeper.start();
		this.time.forward(INTERVAL);
		this.swept.clear();
	}

	@AfterEach
	void close() {
		this.loops.dispose();
	}

	@Test
	void sweepsAreAtTheirIntervalGiveOrTakeATenth() {
		Set<Duration> delays = new TreeSet<>();
		for (int i = 0; i < 200; i++) {
			assertThat(this.time.pending()).hasSize(1);
			delays.add(this.time.pending().get(0));
			this.time.forward(this.time.pending().get(0));
		}
		assertThat(this.swept).hasSize(200);
		assertThat(delays).as("servers do not sweep in step")
			.hasSizeGreaterThan(100)
			.allSatisfy((delay) -> assertThat(delay).isBetween(Duration.ofMillis(900), Duration.ofMillis(1_100)));
	}

	@Test
	void aCopyThatDiffersFromTheDigestIsReadAgain() {
		this.result = sweep(new Digest(HEAD, 2, 20));
		sweep();
		assertThat(this.reread).containsExactly("default");
		assertThat(repairs()).isOne();
		this.result = sweep(new Digest(HEAD, 1, 10));
		sweep();
		assertThat(this.reread).as("repaired").hasSize(1);
		assertThat(repairs()).isOne();
	}

	@Test
	void aDigestOfAnotherCursorOrNoneRepairsNothing() {
		this.result = sweep(new Digest(HEAD.at(11), 9, 99));
		sweep();
		this.result = sweep(null);
		sweep();
		assertThat(this.reread).isEmpty();
		assertThat(repairs()).isZero();
	}

	@Test
	void aFeedThatStaysBehindTheDigestIsBegunAnew() {
		this.result = sweep(new Digest(HEAD.at(11), 9, 99));
		for (int i = 0; i < 25; i++) {
			sweep();
		}
		assertThat(repairs()).isZero();
		assertThat(this.catalog.position().cursor()).isEqualTo(HEAD);
		for (int i = 0; i < 15; i++) {
			sweep();
		}
		assertThat(repairs()).isOne();
		assertThat(this.catalog.position().cursor()).as("the feed began with a reset").isNotEqualTo(HEAD);
		assertThat(this.reread).isEmpty();
	}

	@Test
	void guardsAreThoseOfTheLastSweep() {
		SortedSet<Guard> guards = new TreeSet<>(Set.of(Guard.GRACE, new Guard(Guard.Kind.LAST, "orders")));
		this.result = new Sweep(List.of(), List.of(), guards, null);
		sweep();
		assertThat(this.catalog.guards()).isEqualTo(guards);
		this.result = sweep(null);
		sweep();
		assertThat(this.catalog.guards()).isEmpty();
	}

	@Test
	void evictionsAndSuspectsAreCountedAndSuspectsAreChecked() {
		this.result = new Sweep(List.of(new Incarnation("orders", "x", 1), new Incarnation("orders", "y", 1)),
				List.of(new Incarnation("orders", "z", 1)), new TreeSet<>(), null);
		sweep();
		assertThat(this.meters.get("mesh.server.evictions").counter().count()).isEqualTo(2);
		assertThat(this.meters.get("mesh.server.suspicions").counter().count()).isOne();
		assertThat(this.meters.get("mesh.server.hints").counter().count()).isOne();
	}

	@Test
	void whileNoNamespaceCanBeSweptTheStoreIsGivenPauses() {
		this.failing.add("default");
		sweep();
		Duration total = Duration.ZERO;
		for (int i = 0; i < 60; i++) {
			Duration delay = this.time.pending().get(0);
			assertThat(delay).isBetween(INTERVAL, Duration.ofSeconds(5));
			total = total.plus(delay);
			sweep();
		}
		assertThat(total.dividedBy(60)).isGreaterThan(INTERVAL.multipliedBy(2));
		this.failing.clear();
		sweep();
		assertThat(this.time.pending().get(0)).isLessThanOrEqualTo(Duration.ofMillis(1_100));
	}

	@Test
	void aNamespaceThatCannotBeSweptDelaysNoOther() {
		CatalogFixture.reset(this.namespaces.follow("other"), HEAD, Duration.ZERO);
		this.failing.add("other");
		for (int i = 0; i < 60; i++) {
			sweep();
			assertThat(this.time.pending().get(0)).isLessThanOrEqualTo(Duration.ofMillis(1_100));
		}
		assertThat(this.swept).filteredOn("default"::equals).hasSize(60);
		assertThat(this.swept).filteredOn("other"::equals).hasSize(60);
	}

	@Test
	void afterItsStopNothingIsSwept() {
		this.sweeper.stop();
		sweep();
		this.swept.clear();
		assertThat(this.time.pending()).isEmpty();
		this.time.forward(Duration.ofMinutes(1));
		assertThat(this.swept).isEmpty();
	}

	private void sweep() {
		this.time.forward(this.time.pending().get(this.time.pending().size() - 1));
	}

	private double repairs() {
		return this.meters.get("mesh.server.repairs").counter().count();
	}

	private static Sweep sweep(Digest digest) {
		return new Sweep(List.of(), List.of(), new TreeSet<>(), digest);
	}

	private Sweeper sweeper() {
		EvictionProperties properties = new EvictionProperties(INTERVAL, 200, Duration.ofMinutes(10));
		TcpProbe probe = new TcpProbe(this.loops);
		return new Sweeper(this.store, this.namespaces,
				new SuspectVerifier(this.store, this.namespaces, probe,
						new ReachableInstances(this.namespaces, probe, this.time), properties, this.time, this.meters),
				properties, this.time, this.meters);
	}

	/** Creates a store whose sweeps have the result that the test sets. */
	private RegistryStore store(RegistryStore memory) {
		return (RegistryStore) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { RegistryStore.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("reread")) {
						this.reread.add((String) arguments[0]);
						return null;
					}
					if (!method.getName().equals("evict")) {
						return method.invoke(memory, arguments);
					}
					this.swept.add((String) arguments[0]);
					return this.failing.contains(arguments[0]) ? Mono.error(new StoreUnavailableException("away"))
							: Mono.just(this.result);
				});
	}

}
