package io.redmesh.core.loadbalance;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import io.redmesh.core.endpoint.Endpoint;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Tests of hashing without a table, and of the keys that move when endpoints change. */
class RendezvousTests {

	private static final int KEYS = 20_000;

	private final SplittableRandom random = new SplittableRandom(6);

	private final long[] keys = this.random.longs(KEYS).toArray();

	@Test
	void onlyTheKeysOfAnEndpointThatLeavesMoveAndTheyGoEverywhere() {
		List<Endpoint> all = LoadBalancerContract.endpoints(100, 50, 300, 100, 100, 0);
		for (Endpoint gone : all) {
			List<Endpoint> others = new ArrayList<>(all);
			others.remove(gone);
			Map<String, Integer> taken = new HashMap<>();
			for (long key : this.keys) {
				Endpoint before = Rendezvous.pick(all, key);
				Endpoint after = Rendezvous.pick(others, key);
				if (before != gone) {
					assertThat(after).isSameAs(before);
				}
				else {
					taken.merge(after.instance().id(), 1, Integer::sum);
				}
			}
			assertThat(taken).hasSize((gone.instance().weight() > 0) ? 4 : 0);
		}
	}

	@Test
	void aWeightThatGrowsOnlyAttractsKeys() {
		List<Endpoint> light = LoadBalancerContract.endpoints(100, 100, 100);
		List<Endpoint> heavy = LoadBalancerContract.endpoints(100, 250, 100);
		int moved = 0;
		for (long key : this.keys) {
			String before = Rendezvous.pick(light, key).instance().id();
			String after = Rendezvous.pick(heavy, key).instance().id();
			assertThat(after).isIn(before, "1");
			moved += before.equals(after) ? 0 : 1;
		}
		assertThat(moved / (double) KEYS).isCloseTo(250 / 450.0 - 1 / 3.0, within(0.015));
	}

	@Test
	void sharesFollowTheWeightsWhateverTheOrderOfTheList() {
		int[] weights = { 1, 10_000, 2_500, 0, 7_500 };
		List<Endpoint> endpoints = LoadBalancerContract.endpoints(weights);
		List<Endpoint> shuffled = new ArrayList<>(endpoints);
		Collections.shuffle(shuffled, new java.util.Random(2));
		int[] counts = new int[weights.length];
		for (long key : this.keys) {
			Endpoint picked = Rendezvous.pick(endpoints, key);
			assertThat(Rendezvous.pick(shuffled, key)).isSameAs(picked);
			counts[endpoints.indexOf(picked)]++;
		}
		for (int i = 0; i < weights.length; i++) {
			assertThat(counts[i] / (double) KEYS).isCloseTo(weights[i] / 20_001.0, within(0.015));
		}
		assertThat(counts[3]).isZero();
	}

	@Test
	void endpointsWithoutWeightAreEqualWhereThereAreNoOthers() {
		List<Endpoint> endpoints = LoadBalancerContract.endpoints(0, 0, 0);
		int[] counts = new int[3];
		for (long key : this.keys) {
			counts[endpoints.indexOf(Rendezvous.pick(endpoints, key))]++;
		}
		for (int count : counts) {
			assertThat(count / (double) KEYS).isCloseTo(1 / 3.0, within(0.015));
		}
		assertThat(Rendezvous.pick(List.of(), 7)).isNull();
	}

	@Test
	void onARingOnlyTheKeysOfTheEndpointThatLeavesMove() {
		LoadBalancer ring = LoadBalancer.ringHash(Double.POSITIVE_INFINITY);
		List<Endpoint> all = LoadBalancerContract.endpoints(100, 50, 100, 20, 70);
		for (Endpoint gone : all) {
			List<Endpoint> others = new ArrayList<>(all);
			others.remove(gone);
			for (long key : this.keys) {
				Endpoint before = ring.pick(all, 0, key);
				if (before != gone) {
					assertThat(ring.pick(others, 0, key)).isSameAs(before);
				}
			}
		}
	}

	@Test
	void inATableAnEndpointThatJoinsTakesItsShareAndFewOtherKeysMove() {
		LoadBalancer table = LoadBalancer.consistentHash(Double.POSITIVE_INFINITY);
		for (int count = 2; count < 10; count++) {
			int[] weights = new int[count];
			java.util.Arrays.fill(weights, 100);
			List<Endpoint> after = LoadBalancerContract.endpoints(weights);
			List<Endpoint> before = List.copyOf(after.subList(0, count - 1));
			int joined = 0;
			int others = 0;
			for (long key : this.keys) {
				Endpoint old = table.pick(before, 0, key);
				Endpoint next = table.pick(after, 0, key);
				joined += (next == after.get(count - 1)) ? 1 : 0;
				others += (next != after.get(count - 1) && next != old) ? 1 : 0;
			}
			assertThat(joined / (double) KEYS).isCloseTo(1.0 / count, within(0.015));
			assertThat(others / (double) KEYS).isLessThan(0.02);
		}
	}

}
