package io.redmesh.core.loadbalance;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

import io.redmesh.core.endpoint.Endpoint;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LeastRequestTests extends LoadBalancerContract {

	private final LoadBalancer leastRequest = create(new SplittableRandom(42));

	@Override
	LoadBalancer create(RandomGenerator random) {
		return LoadBalancer.leastRequest(() -> random);
	}

	@Test
	void alwaysPrefersTheIdleOneOfTwo() {
		List<Endpoint> endpoints = endpoints(100, 100);
		endpoints.get(0).attemptStarted(0);
		assertThat(share(endpoints, 1_000)).containsOnlyKeys("1");
	}

	@Test
	void theBusiestOfManyGetsNothing() {
		List<Endpoint> endpoints = endpoints(100, 100, 100, 100, 100);
		begin(endpoints.get(2), 3);
		begin(endpoints.get(4), 1);
		Map<String, Integer> share = share(endpoints, 10_000);
		assertThat(share).doesNotContainKey("2");
		// Picked if the other endpoint is the busiest: 1 of 10 pairs, and half of no
		// other pair.
		assertThat(share.get("4")).isBetween(900, 1_100);
	}

	@Test
	void aQuietClientFollowsTheWeights() {
		Map<String, Integer> share = share(endpoints(100, 300, 0, 600), 100_000);
		assertThat(share.get("0")).isBetween(9_600, 10_400);
		assertThat(share.get("1")).isBetween(29_400, 30_600);
		assertThat(share.get("3")).isBetween(59_400, 60_600);
		assertThat(share).doesNotContainKey("2");
	}

	@Test
	void callsInFlightFollowTheWeights() {
		List<Endpoint> endpoints = endpoints(100, 300, 0, 600);
		for (int call = 0; call < 1_000; call++) {
			pickAndBegin(endpoints);
		}
		assertThat(endpoints.get(0).inFlight()).isBetween(97, 103);
		assertThat(endpoints.get(1).inFlight()).isBetween(295, 305);
		assertThat(endpoints.get(2).inFlight()).isZero();
		assertThat(endpoints.get(3).inFlight()).isBetween(595, 605);
	}

	@Test
	void aBusyClientFollowsTheWeights() {
		List<Endpoint> endpoints = endpoints(10, 100, 1_000);
		Deque<Endpoint> inFlight = new ArrayDeque<>();
		int[] counts = new int[3];
		for (int call = 0; call < 111_000; call++) {
			Endpoint picked = pickAndBegin(endpoints);
			counts[endpoints.indexOf(picked)]++;
			inFlight.add(picked);
			if (inFlight.size() > 20) {
				inFlight.remove().attemptEnded();
			}
		}
		assertThat(counts[0]).isBetween(500, 2_000);
		assertThat(counts[1]).isBetween(8_000, 12_000);
	}

	@Test
	void anIdleLightEndpointDoesNotTakeCallsThatAHeavyOneCarriesMoreEasily() {
		List<Endpoint> endpoints = endpoints(1, 100);
		begin(endpoints.get(1), 1);
		assertThat(share(endpoints, 10_000).getOrDefault("0", 0)).isBetween(50, 150);
	}

	@Test
	void endpointsOfZeroWeightGetNothingEvenIfTheyAreMany() {
		int[] weights = new int[50];
		weights[31] = 1;
		List<Endpoint> endpoints = endpoints(weights);
		begin(endpoints.get(31), 1_000);
		assertThat(share(endpoints, 1_000)).containsOnlyKeys("31");
	}

	@Test
	void loadIsMoreEvenThanByChance() {
		int[] weights = new int[100];
		java.util.Arrays.fill(weights, 100);
		List<Endpoint> endpoints = endpoints(weights);
		for (int call = 0; call < 1_000; call++) {
			pickAndBegin(endpoints);
		}
		// At random the busiest endpoint would have about 18 of 1,000; two choices leave
		// about log log n more than the mean.
		assertThat(Collections.max(endpoints.stream().map(Endpoint::inFlight).toList())).isBetween(10, 13);
	}

	private Endpoint pickAndBegin(List<Endpoint> endpoints) {
		Endpoint picked = this.leastRequest.pick(endpoints, 0, 0);
		assertThat(picked).isNotNull();
		picked.attemptStarted(0);
		return picked;
	}

	private static void begin(Endpoint endpoint, int calls) {
		for (int call = 0; call < calls; call++) {
			endpoint.attemptStarted(0);
		}
	}

}
