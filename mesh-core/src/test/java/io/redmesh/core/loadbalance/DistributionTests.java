package io.redmesh.core.loadbalance;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.ReportedLoad;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the distribution of each algorithm for random weights, by chi-square. */
class DistributionTests {

	private static final int PICKS = 20_000;

	private final SplittableRandom random = new SplittableRandom(2026);

	@ParameterizedTest
	@EnumSource
	void ofAQuietCallerIsThatOfTheTable(LoadBalancing loadBalancing) {
		boolean weighted = loadBalancing != LoadBalancing.RANDOM && loadBalancing != LoadBalancing.ROUND_ROBIN;
		// The positions on a ring are random themselves: shares are off by some 3 %.
		double allowed = (loadBalancing == LoadBalancing.RING_HASH) ? 0.1 : 0;
		for (int trial = 0; trial < 10; trial++) {
			int[] weights = weights();
			List<Endpoint> endpoints = endpoints(weights);
			double[] expected = new double[weights.length];
			for (int i = 0; i < weights.length; i++) {
				expected[i] = weighted ? weights[i] : 1;
			}
			assertDistribution(loadBalancing, endpoints, expected, allowed);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "WEIGHTED_ROUND_ROBIN", "WEIGHTED_RANDOM", "LEAST_REQUEST" })
	void followsReportedLoadInProportion(LoadBalancing loadBalancing) {
		for (int trial = 0; trial < 10; trial++) {
			int[] weights = weights();
			List<Endpoint> endpoints = endpoints(weights);
			double[] expected = new double[weights.length];
			for (int i = 0; i < weights.length; i++) {
				float utilization = this.random.nextInt(5) / 4F;
				endpoints.get(i).reported(new ReportedLoad(utilization, 0));
				// An endpoint at its limit gets a third.
				expected[i] = weights[i] / (1 + 2 * utilization);
			}
			assertDistribution(loadBalancing, endpoints, expected, 0);
		}
	}

	private int[] weights() {
		return this.random.ints(this.random.nextInt(2, 9), 0, 11).map((weight) -> weight * 90).toArray();
	}

	private static List<Endpoint> endpoints(int[] weights) {
		weights[0] = 500;
		List<Endpoint> endpoints = LoadBalancerContract.endpoints(weights);
		endpoints.forEach((endpoint) -> endpoint.answeredAfter(Duration.ofMillis(20).toNanos(), 0));
		return endpoints;
	}

	private void assertDistribution(LoadBalancing loadBalancing, List<Endpoint> endpoints, double[] parts,
			double allowed) {
		LoadBalancer balancer = loadBalancing.create(() -> this.random);
		int[] counts = new int[parts.length];
		for (int pick = 0; pick < PICKS; pick++) {
			counts[endpoints.indexOf(balancer.pick(endpoints, 0, this.random.nextLong()))]++;
		}
		double total = java.util.Arrays.stream(parts).sum();
		double chiSquare = 0;
		for (int i = 0; i < parts.length; i++) {
			double expected = PICKS * parts[i] / total;
			if (parts[i] == 0) {
				assertThat(counts[i]).isZero();
			}
			else {
				double off = Math.max(0, Math.abs(counts[i] - expected) - allowed * expected);
				chiSquare += off * off / expected;
			}
		}
		// Of eight endpoints, seven degrees of freedom: exceeded once in 20,000 times.
		assertThat(chiSquare).as("%s for %s", loadBalancing, java.util.Arrays.toString(parts)).isLessThan(32);
	}

}
