package io.redmesh.core.loadbalance;

import java.util.random.RandomGenerator;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class UniformRandomTests extends LoadBalancerContract {

	@Override
	LoadBalancer create(RandomGenerator random) {
		return LoadBalancer.random(() -> random);
	}

	@Test
	void weightsDoNotCount() {
		assertThat(share(endpoints(1, 10_000), 10_000).get("0")).isBetween(4_800, 5_200);
	}

}
