package io.redmesh.core.loadbalance;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WeightedRoundRobinTests extends LoadBalancerContract {

	@Override
	LoadBalancer create(RandomGenerator random) {
		return LoadBalancer.weightedRoundRobin(() -> random);
	}

	@Test
	void picksInExactProportionOverManyRounds() {
		// 1 + 1/2 + 1/5 of 65,535 rounds, each due exactly as often as its scaled weight.
		Map<String, Integer> share = share(endpoints(100, 50, 20, 0), 111_410);
		assertThat(share.get("0")).isBetween(65_530, 65_540);
		assertThat(share.get("1")).isBetween(32_764, 32_772);
		assertThat(share.get("2")).isBetween(13_104, 13_110);
		assertThat(share).doesNotContainKey("3");
	}

	@Test
	void followsTheWeightsWithinOnePercentWheneverItIsAsked() {
		Map<String, Integer> share = share(endpoints(100, 300, 0, 600), 100_000);
		assertThat(share.get("0")).isBetween(9_900, 10_100);
		assertThat(share.get("1")).isBetween(29_700, 30_300);
		assertThat(share.get("3")).isBetween(59_400, 60_600);
	}

	@Test
	void spreadsEvenlyInsteadOfInBursts() {
		List<String> sequence = sequence(endpoints(100, 20, 20), 700);
		// Five to one to one: in any window of one cycle each light endpoint is picked
		// once, give or take one.
		for (int start = 0; start + 7 <= sequence.size(); start++) {
			List<String> cycle = sequence.subList(start, start + 7);
			assertThat(Collections.frequency(cycle, "1")).isBetween(0, 2);
			assertThat(Collections.frequency(cycle, "0")).isBetween(3, 6);
		}
	}

	@Test
	void equalWeightsGoRound() {
		List<String> sequence = sequence(endpoints(100, 100, 100), 300);
		for (int start = 0; start < 300; start += 3) {
			assertThat(sequence.subList(start, start + 3)).containsExactlyInAnyOrder("0", "1", "2");
		}
	}

}
