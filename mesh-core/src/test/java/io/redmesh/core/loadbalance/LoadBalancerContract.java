package io.redmesh.core.loadbalance;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

import com.sun.management.ThreadMXBean;
import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The contract of all balancers. */
abstract class LoadBalancerContract {

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final RandomGenerator random = new SplittableRandom(42);

	private final LoadBalancer loadBalancer = create(this.random);

	private final SplittableRandom keys = new SplittableRandom(7);

	/** Creates the balancer under test, with all its randomness from the given source. */
	abstract LoadBalancer create(RandomGenerator random);

	@Test
	void picksNullFromAnEmptyList() {
		assertThat(this.loadBalancer.pick(List.of(), 0, 0)).isNull();
	}

	@Test
	void picksTheOnlyOne() {
		List<Endpoint> one = endpoints(5);
		assertThat(this.loadBalancer.pick(one, 0, 0)).isSameAs(one.get(0));
	}

	@Test
	void spreadsEqualWeightsEvenly() {
		assertThat(share(endpoints(100, 100, 100, 100), 40_000).values())
			.allSatisfy((count) -> assertThat(count).isBetween(9_600, 10_400));
	}

	@Test
	void spreadsEvenlyWhenAllWeightsAreZero() {
		assertThat(share(endpoints(0, 0), 10_000).values())
			.allSatisfy((count) -> assertThat(count).isBetween(4_800, 5_200));
	}

	@Test
	void followsAChangeOfTheCandidates() {
		share(endpoints(100, 100), 7);
		List<Endpoint> others = endpoints(100, 100, 100);
		assertThat(share(others, 3_000).keySet()).containsExactly("0", "1", "2");
	}

	@Test
	void manyThreadsPickEvenlyTogether() {
		LoadBalancer shared = create(new java.util.Random(42));
		List<Endpoint> endpoints = endpoints(100, 100);
		Map<String, Integer> counts = new ConcurrentHashMap<>();
		List<CompletableFuture<Void>> threads = new ArrayList<>();
		for (int thread = 0; thread < 4; thread++) {
			SplittableRandom ownKeys = this.keys.split();
			threads.add(CompletableFuture.runAsync(() -> {
				for (int pick = 0; pick < 5_000; pick++) {
					counts.merge(pickFrom(shared, endpoints, ownKeys.nextLong()), 1, Integer::sum);
				}
			}));
		}
		threads.forEach(CompletableFuture::join);
		assertThat(counts.values()).allSatisfy((count) -> assertThat(count).isBetween(9_500, 10_500));
	}

	@Test
	void aPickAllocatesNothing() {
		List<Endpoint> endpoints = endpoints(100, 50, 0, 300);
		// Passing over the busy endpoint must not allocate either.
		for (int call = 0; call < 5; call++) {
			endpoints.get(1).attemptStarted(0);
		}
		allocatedBy(endpoints, 1_000);
		assertThat(allocatedBy(endpoints, 1_000)).isLessThan(1_000);
	}

	private long allocatedBy(List<Endpoint> endpoints, int picks) {
		long thread = Thread.currentThread().getId();
		long before = THREADS.getThreadAllocatedBytes(thread);
		for (int pick = 0; pick < picks; pick++) {
			this.loadBalancer.pick(endpoints, 0, this.keys.nextLong());
		}
		return THREADS.getThreadAllocatedBytes(thread) - before;
	}

	Map<String, Integer> share(List<Endpoint> endpoints, int picks) {
		Map<String, Integer> counts = new TreeMap<>();
		for (int pick = 0; pick < picks; pick++) {
			counts.merge(pickFrom(this.loadBalancer, endpoints, this.keys.nextLong()), 1, Integer::sum);
		}
		return counts;
	}

	List<String> sequence(List<Endpoint> endpoints, int picks) {
		List<String> sequence = new ArrayList<>();
		for (int pick = 0; pick < picks; pick++) {
			sequence.add(pickFrom(this.loadBalancer, endpoints, this.keys.nextLong()));
		}
		return sequence;
	}

	static String pickFrom(LoadBalancer loadBalancer, List<Endpoint> endpoints, long key) {
		Endpoint picked = loadBalancer.pick(endpoints, 0, key);
		assertThat(picked).isNotNull();
		return picked.instance().id();
	}

	static List<Endpoint> endpoints(int... weights) {
		List<Instance> instances = new ArrayList<>();
		for (int i = 0; i < weights.length; i++) {
			instances.add(Instance.of("orders", String.valueOf(i), "10.0." + i / 250 + "." + (1 + i % 250), 80)
				.withWeight(weights[i]));
		}
		Catalog catalog = new Catalog();
		EndpointPools pools = new EndpointPools(catalog, new ManualTime(), (service) -> EjectionPolicy.DEFAULT);
		catalog.snapshot(new Cursor("3f", 1, 1), true, Map.of("orders", instances));
		return pools.pool("orders").all();
	}

}
