package io.redmesh.core.loadbalance;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests of the share of an endpoint that joins others, for each load balancing algorithm.
 */
class SlowStartTests {

	private static final int PICKS = 40_000;

	private final ManualTime time = new ManualTime();

	private final Catalog catalog = new Catalog();

	private final EndpointPools pools = new EndpointPools(this.catalog, this.time, (service) -> EjectionPolicy.DEFAULT);

	@ParameterizedTest
	@EnumSource(names = { "ROUND_ROBIN", "WEIGHTED_ROUND_ROBIN", "WEIGHTED_RANDOM", "LEAST_REQUEST" })
	void theShareGrowsFromATenthToTheWhole(LoadBalancing loadBalancing) {
		List<Endpoint> four = joined(100, 100, 100, 100);
		LoadBalancer balancer = create(loadBalancing);
		assertThat(shareOfLast(balancer, four)).isCloseTo(0.1 / 3.1, within(0.01));
		this.time.forward(Duration.ofMillis(2_500));
		assertThat(shareOfLast(balancer, four)).isCloseTo(0.5 / 3.5, within(0.01));
		this.time.forward(Duration.ofMillis(2_500));
		assertThat(shareOfLast(balancer, four)).isCloseTo(0.25, within(0.01));
	}

	@ParameterizedTest
	@EnumSource(names = { "WEIGHTED_ROUND_ROBIN", "WEIGHTED_RANDOM", "LEAST_REQUEST" })
	void startsWithATenthOfItsWeight(LoadBalancing loadBalancing) {
		List<Endpoint> three = joined(100, 0, 900);
		assertThat(shareOfLast(create(loadBalancing), three)).isCloseTo(0.9 / 1.9, within(0.02));
	}

	@ParameterizedTest
	@EnumSource(names = { "RANDOM", "CONSISTENT_HASH", "RING_HASH" })
	void otherAlgorithmsGiveTheWholeShareAtOnce(LoadBalancing loadBalancing) {
		assertThat(shareOfLast(create(loadBalancing), joined(100, 100, 100, 100))).isCloseTo(0.25, within(0.03));
	}

	@ParameterizedTest
	@EnumSource(names = { "ROUND_ROBIN", "WEIGHTED_ROUND_ROBIN", "WEIGHTED_RANDOM", "LEAST_REQUEST" })
	void theOnlyEndpointGetsAllCalls(LoadBalancing loadBalancing) {
		List<Endpoint> two = joined(100, 100);
		assertThat(shareOfLast(create(loadBalancing), List.of(two.get(1)))).isOne();
	}

	@Test
	void aBusyCallerSendsItLittleToo() {
		List<Endpoint> two = joined(100, 100);
		LoadBalancer leastRequest = create(LoadBalancing.LEAST_REQUEST);
		for (int call = 0; call < 110; call++) {
			Endpoint picked = leastRequest.pick(two, this.time.nanos(), 0);
			assertThat(picked).isNotNull();
			picked.attemptStarted(0);
		}
		assertThat(two.get(1).inFlight()).isBetween(8, 12);
	}

	private static LoadBalancer create(LoadBalancing loadBalancing) {
		SplittableRandom random = new SplittableRandom(42);
		return loadBalancing.create(() -> random);
	}

	private double shareOfLast(LoadBalancer balancer, List<Endpoint> endpoints) {
		SplittableRandom keys = new SplittableRandom(7);
		Endpoint last = endpoints.get(endpoints.size() - 1);
		int count = 0;
		for (int pick = 0; pick < PICKS; pick++) {
			count += (balancer.pick(endpoints, this.time.nanos(), keys.nextLong()) == last) ? 1 : 0;
		}
		return (double) count / PICKS;
	}

	/** Returns endpoints of which the last one has just joined the others. */
	private List<Endpoint> joined(int... weights) {
		List<Instance> all = new java.util.ArrayList<>();
		for (int i = 0; i < weights.length; i++) {
			all.add(Instance.of("orders", String.valueOf(i), "10.0.0." + (i + 1), 80).withWeight(weights[i]));
		}
		this.catalog.snapshot(new Cursor("3f", 1, 1), true, Map.of("orders", all.subList(0, weights.length - 1)));
		// Endpoints that exist when a service is first called all start warm.
		this.pools.pool("orders");
		this.catalog.snapshot(new Cursor("3f", 1, 2), true, Map.of("orders", all));
		return this.pools.pool("orders").all();
	}

}
