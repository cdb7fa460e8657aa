package io.redmesh.core.loadbalance;

import java.util.List;
import java.util.random.RandomGenerator;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RoundRobinTests extends LoadBalancerContract {

	@Override
	LoadBalancer create(RandomGenerator random) {
		return LoadBalancer.roundRobin(() -> random);
	}

	@Test
	void goesRoundWhateverTheWeights() {
		List<String> sequence = sequence(endpoints(1, 100, 0), 9);
		assertThat(sequence.subList(0, 3)).containsExactlyInAnyOrder("0", "1", "2");
		assertThat(sequence.subList(3, 6)).isEqualTo(sequence.subList(0, 3));
		assertThat(sequence.subList(6, 9)).isEqualTo(sequence.subList(0, 3));
	}

	@Test
	void survivesTheOverflowOfItsCounter() {
		RoundRobin roundRobin = new RoundRobin(-2, java.util.Random::new);
		List<io.redmesh.core.endpoint.Endpoint> endpoints = endpoints(1, 1, 1);
		for (int pick = 0; pick < 6; pick++) {
			assertThat(roundRobin.pick(endpoints, 0, 0)).isNotNull();
		}
	}

}
