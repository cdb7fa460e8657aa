package io.redmesh.core.loadbalance;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RingHashTests extends ConsistentHashContract {

	@Override
	LoadBalancer create(double balanceFactor) {
		return LoadBalancer.ringHash(balanceFactor);
	}

	@Override
	double tolerance() {
		return 0.1;
	}

	// 1,024 positions at random distances: shares are off by some 3 %.
	@Override
	@Test
	void spreadsEqualWeightsEvenly() {
		assertThat(share(endpoints(100, 100, 100, 100), 40_000).values())
			.allSatisfy((count) -> assertThat(count).isBetween(9_000, 11_000));
	}

	@Override
	@Test
	void spreadsEvenlyWhenAllWeightsAreZero() {
		assertThat(share(endpoints(0, 0), 10_000).values())
			.allSatisfy((count) -> assertThat(count).isBetween(4_600, 5_400));
	}

}
