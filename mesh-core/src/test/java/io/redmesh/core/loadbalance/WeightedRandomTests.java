package io.redmesh.core.loadbalance;

import java.util.Map;
import java.util.random.RandomGenerator;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WeightedRandomTests extends LoadBalancerContract {

	@Override
	LoadBalancer create(RandomGenerator random) {
		return LoadBalancer.weightedRandom(() -> random);
	}

	@Test
	void picksInProportionToTheWeights() {
		int[] weights = { 100, 300, 0, 600 };
		int picks = 100_000;
		Map<String, Integer> share = share(endpoints(weights), picks);
		// Four standard deviations of a binomial distribution: sqrt(n p (1 - p)).
		for (int i = 0; i < weights.length; i++) {
			double p = weights[i] / 1000.0;
			double tolerance = 4 * Math.sqrt(picks * p * (1 - p));
			assertThat((double) share.getOrDefault(String.valueOf(i), 0)).isBetween(picks * p - tolerance,
					picks * p + tolerance);
		}
	}

	@Test
	void followsWeightsThatAreFarApart() {
		Map<String, Integer> share = share(endpoints(1, 10_000, 1, 9_998, 0, 5_000), 100_000);
		assertThat(share.get("1")).isBetween(39_000, 41_000);
		assertThat(share.get("3")).isBetween(39_000, 41_000);
		assertThat(share.get("5")).isBetween(19_000, 21_000);
		assertThat(share.getOrDefault("0", 0) + share.getOrDefault("2", 0)).isBetween(1, 25);
		assertThat(share).doesNotContainKey("4");
	}

	@Test
	void theLargestWeightsDoNotOverflow() {
		int[] weights = new int[2_000];
		java.util.Arrays.fill(weights, 10_000);
		assertThat(share(endpoints(weights), 10_000)).hasSizeGreaterThan(1_900);
	}

}
