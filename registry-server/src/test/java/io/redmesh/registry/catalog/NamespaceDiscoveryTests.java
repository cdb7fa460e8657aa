package io.redmesh.registry.catalog;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.store.Claim;
import io.redmesh.registry.store.LeaseKey;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.StoreUnavailableException;
import io.redmesh.registry.store.memory.MemoryRegistryStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the comparison of followed namespaces with the list of a store that other
 * servers write to.
 */
class NamespaceDiscoveryTests {

	private static final Duration INTERVAL = Duration.ofSeconds(5);

	private final ManualTime time = new ManualTime();

	private final MemoryRegistryStore memory = new MemoryRegistryStore(this.time);

	/** Names of methods that the store refuses for now. */
	private final Set<String> failing = new TreeSet<>();

	/** Namespaces that are missing in the store's list. */
	private final Set<String> unlisted = new TreeSet<>();

	private final List<String> calls = new ArrayList<>();

	private final RegistryStore store = store();

	@BeforeEach
	void outliveTheTimeInWhichInstancesMayBeMissing() {
		this.time.forward(Duration.ofMinutes(1));
	}

	@Test
	void namespacesThatOtherServersCreateAreFollowedAfterTheNextComparison() {
		Namespaces namespaces = start(8);
		assertThat(names(namespaces)).containsExactly("default");
		register("x");
		register("y");
		assertThat(names(namespaces)).containsExactly("default");
		this.time.forward(INTERVAL);
		assertThat(names(namespaces)).containsExactly("default", "x", "y");
		assertThat(namespaces.find("x").instance("orders", "a")).isNotNull();
	}

	@Test
	void comparisonsAreMadeAtTheirIntervalAndOneAtATime() {
		start(8);
		for (int i = 0; i < 100; i++) {
			assertThat(this.time.pending()).hasSize(1);
			assertThat(this.time.pending().get(0)).isBetween(INTERVAL.dividedBy(2), INTERVAL);
			this.time.forward(this.time.pending().get(0));
		}
		assertThat(this.calls).filteredOn("namespaces"::equals).hasSize(101);
	}

	@Test
	void whileTheStoreFailsComparisonsBecomeRarerAndThenAsOftenAsBefore() {
		Namespaces namespaces = start(8);
		this.failing.add("namespaces");
		for (int i = 0; i < 40; i++) {
			this.time.forward(this.time.pending().get(0));
			assertThat(this.time.pending()).hasSize(1);
			assertThat(this.time.pending().get(0)).isLessThanOrEqualTo(INTERVAL.multipliedBy(6));
		}
		Duration failed = Duration.ZERO;
		for (int i = 0; i < 40; i++) {
			failed = failed.plus(this.time.pending().get(0));
			this.time.forward(this.time.pending().get(0));
		}
		assertThat(failed.dividedBy(40)).isGreaterThan(INTERVAL.multipliedBy(2));
		register("x");
		this.failing.clear();
		this.time.forward(this.time.pending().get(0));
		assertThat(names(namespaces)).containsExactly("default", "x");
		assertThat(this.time.pending().get(0)).isBetween(INTERVAL.dividedBy(2), INTERVAL);
	}

	@Test
	void ofTooManyNamespacesThoseWithInstancesAreFollowed() {
		for (String name : List.of("a", "b", "c", "d", "z")) {
			String token = register(name);
			if (!name.equals("z") && !name.equals("b")) {
				deregister(name, token);
			}
		}
		assertThat(names(start(3))).containsExactly("b", "default", "z");
		assertThat(names(start(4))).as("and then the first of the others").containsExactly("a", "b", "default", "z");
	}

	@Test
	void theDefaultNamespaceTakesAPlaceAlsoWhileTheStoreDoesNotListIt() {
		for (String name : List.of("a", "b", "c", "z")) {
			String token = register(name);
			if (!name.equals("z")) {
				deregister(name, token);
			}
		}
		assertThat(names(start(4))).containsExactly("a", "b", "default", "z");
	}

	@Test
	void allServersRefuseTheSameNamespaces() {
		for (String name : List.of("m", "c", "x", "q", "a", "k")) {
			register(name);
		}
		assertThat(names(start(4))).containsExactly("a", "c", "default", "k").isEqualTo(names(start(4)));
	}

	@Test
	void aFailureToRankNamespacesIsRetried() {
		for (String name : List.of("a", "b", "c")) {
			register(name);
		}
		this.failing.add("isOccupied");
		Namespaces namespaces = start(2);
		assertThat(names(namespaces)).containsExactly("default");
		this.failing.clear();
		this.time.forward(INTERVAL.multipliedBy(6));
		assertThat(names(namespaces)).containsExactly("a", "default");
	}

	@Test
	void aRefusedNamespaceIsFollowedOnceThereIsRoom() {
		String token = register("a");
		register("b");
		Namespaces namespaces = start(2);
		assertThat(names(namespaces)).containsExactly("a", "default");
		deregister("a", token);
		this.time.forward(Duration.ofMinutes(12));
		assertThat(names(namespaces)).containsExactly("b", "default");
	}

	@Test
	void anUnusedNamespaceThatWasNeverCreatedIsGivenUpAfterSevenComparisons() {
		Namespaces namespaces = start(8);
		assertThat(namespaces.followForWatch("x").block()).isNotNull();
		for (int i = 1; i <= 6; i++) {
			this.time.forward(this.time.pending().get(0));
			assertThat(namespaces.find("x")).as("comparison %d", i).isNotNull();
		}
		this.time.forward(this.time.pending().get(0));
		assertThat(namespaces.find("x")).isNull();
		assertThat(this.calls).doesNotContain("forget x");
	}

	@Test
	void useOfANamespaceBeginsTheCountAgain() {
		Namespaces namespaces = start(8);
		NamespaceCatalog used = namespaces.followForWatch("x").block();
		for (int i = 0; i < 30; i++) {
			this.time.forward(this.time.pending().get(0));
			if (i % 6 == 5) {
				used.usage().used();
			}
		}
		assertThat(namespaces.find("x")).isSameAs(used);
	}

	@Test
	void anEmptyNamespaceIsKeptUntilTheStoreForgetsIt() {
		String token = register("x");
		Namespaces namespaces = start(8);
		deregister("x", token);
		this.failing.add("forget");
		// By then the store itself would no longer mind.
		this.time.forward(Duration.ofMinutes(20));
		assertThat(this.calls).contains("forget x");
		assertThat(namespaces.find("x")).as("the store failed").isNotNull();
		this.failing.clear();
		this.time.forward(INTERVAL);
		assertThat(namespaces.find("x")).isNull();
	}

	@Test
	void aNamespaceThatTheStoreWillNotForgetIsKept() {
		String token = register("x");
		Namespaces namespaces = start(8);
		NamespaceCatalog followed = namespaces.find("x");
		deregister("x", token);
		this.time.forward(Duration.ofMinutes(8));
		assertThat(this.calls).as("the departure is still remembered").contains("forget x");
		assertThat(namespaces.find("x")).isSameAs(followed);
	}

	@Test
	void unusedNamespacesWithInstancesAndTheDefaultAreKept() {
		register("x");
		Namespaces namespaces = start(8);
		this.time.forward(Duration.ofHours(1));
		assertThat(names(namespaces)).containsExactly("default", "x");
		assertThat(this.calls).doesNotContain("forget x", "forget default");
	}

	@Test
	void namespacesWithInstancesThatTheListHasLostAreListedAgain() {
		register("x");
		register("y");
		String token = register("empty");
		Namespaces namespaces = start(8);
		deregister("empty", token);
		assertThat(this.calls).doesNotContain("enlist x", "enlist y");
		this.unlisted.addAll(Set.of("x", "empty"));
		this.failing.add("enlist");
		this.time.forward(INTERVAL);
		assertThat(this.calls).contains("enlist x").doesNotContain("enlist y", "enlist empty", "enlist default");
		long tried = this.calls.stream().filter("enlist x"::equals).count();
		this.time.forward(INTERVAL);
		assertThat(this.calls).filteredOn("enlist x"::equals).as("tried again").hasSizeGreaterThan((int) tried);
		assertThat(names(namespaces)).contains("x");
	}

	@Test
	void noComparisonFollowsTheClosing() {
		Namespaces namespaces = start(8);
		namespaces.close();
		assertThat(this.time.pending()).isEmpty();
		this.time.forward(Duration.ofMinutes(1));
		assertThat(this.calls).filteredOn("namespaces"::equals).hasSize(1);
	}

	private static Set<String> names(Namespaces namespaces) {
		Set<String> names = new TreeSet<>();
		namespaces.followed().forEach((namespace) -> names.add(namespace.name()));
		return names;
	}

	private Namespaces start(int maxNamespaces) {
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		Namespaces namespaces = new Namespaces(this.store,
				new CatalogProperties(maxNamespaces, 64, DataSize.ofMegabytes(1), INTERVAL, false, null), this.time,
				this.time, new CatalogMetrics(meters), new Restoration(this.store, this.time, meters),
				RuleArchive.NONE);
		namespaces.start();
		return namespaces;
	}

	private String register(String namespace) {
		return this.memory
			.register(namespace, Instance.of("orders", "a", "10.0.0.7", 8080), Duration.ofMinutes(10), Claim.NONE)
			.block()
			.lease()
			.token();
	}

	private void deregister(String namespace, String token) {
		this.memory.deregister(namespace, new LeaseKey("orders", "a", token)).block();
	}

	/** Creates a store that notes calls, fails some, and hides what is not listed. */
	private RegistryStore store() {
		return (RegistryStore) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { RegistryStore.class }, (proxy, method, arguments) -> {
					String name = method.getName();
					this.calls.add((arguments != null) ? name + " " + arguments[0] : name);
					if (this.failing.contains(name)) {
						return Mono.error(new StoreUnavailableException("away"));
					}
					try {
						Object result = method.invoke(this.memory, arguments);
						return name.equals("namespaces")
								? ((Mono<?>) result).map((all) -> withoutUnlisted((Set<?>) all)) : result;
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

	private Set<?> withoutUnlisted(Set<?> all) {
		Set<Object> listed = new TreeSet<>(all);
		listed.removeAll(this.unlisted);
		return listed;
	}

}
