package io.redmesh.core.loadbalance;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.ReportedLoad;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Tests of the share of busy endpoints, for each load balancing algorithm. */
class ReportedLoadTests {

	private static final int PICKS = 40_000;

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private final List<Endpoint> two = LoadBalancerContract.endpoints(100, 100);

	@ParameterizedTest
	@EnumSource(names = { "WEIGHTED_ROUND_ROBIN", "WEIGHTED_RANDOM", "LEAST_REQUEST" })
	void aBusyEndpointGetsLessUntilItsReportExpires(LoadBalancing loadBalancing) {
		LoadBalancer balancer = create(loadBalancing);
		this.two.get(1).reported(new ReportedLoad(0.5F, SECOND));
		assertThat(shareOfSecond(balancer, SECOND)).isCloseTo(1.0 / 3, within(0.01));
		assertThat(shareOfSecond(balancer, 3 * SECOND + SECOND / 2)).isCloseTo(0.4, within(0.01));
		assertThat(shareOfSecond(balancer, 6 * SECOND)).isCloseTo(0.5, within(0.01));
	}

	@ParameterizedTest
	@EnumSource(names = { "WEIGHTED_ROUND_ROBIN", "WEIGHTED_RANDOM", "LEAST_REQUEST", "ADAPTIVE" })
	void ifAllAreBusyAllAreEqual(LoadBalancing loadBalancing) {
		answered();
		this.two.forEach((endpoint) -> endpoint.reported(new ReportedLoad(1, SECOND)));
		assertThat(shareOfSecond(create(loadBalancing), SECOND)).isCloseTo(0.5, within(0.01));
	}

	@ParameterizedTest
	@EnumSource(names = { "ROUND_ROBIN", "RANDOM" })
	void otherAlgorithmsIgnoreReportedLoad(LoadBalancing loadBalancing) {
		this.two.get(1).reported(new ReportedLoad(1, SECOND));
		assertThat(shareOfSecond(create(loadBalancing), SECOND)).isCloseTo(0.5, within(0.01));
	}

	@Test
	void adaptiveTreatsBusyEndpointsAsSlow() {
		answered();
		LoadBalancer adaptive = create(LoadBalancing.ADAPTIVE);
		this.two.get(1).reported(new ReportedLoad(0.2F, SECOND));
		assertThat(shareOfSecond(adaptive, SECOND)).isCloseTo(0.5, within(0.01));
		this.two.get(1).reported(new ReportedLoad(0.6F, SECOND));
		assertThat(shareOfSecond(adaptive, SECOND)).isZero();
		assertThat(shareOfSecond(adaptive, 5 * SECOND)).isCloseTo(0.5, within(0.01));
	}

	@Test
	void strainFallsFromItsPeak() {
		ReportedLoad load = new ReportedLoad(1, SECOND);
		assertThat(load.strain(SECOND)).isEqualTo(3);
		assertThat(load.strain(0)).isEqualTo(3);
		assertThat(load.strain(3 * SECOND + SECOND / 2)).isEqualTo(2);
		assertThat(load.strain(6 * SECOND)).isEqualTo(1);
		assertThat(load.strain(Long.MAX_VALUE)).isEqualTo(1);
	}

	private void answered() {
		this.two.forEach((endpoint) -> endpoint.answeredAfter(SECOND / 50, SECOND));
	}

	private static LoadBalancer create(LoadBalancing loadBalancing) {
		SplittableRandom random = new SplittableRandom(42);
		return loadBalancing.create(() -> random);
	}

	private double shareOfSecond(LoadBalancer balancer, long nanos) {
		int count = 0;
		for (int pick = 0; pick < PICKS; pick++) {
			count += (balancer.pick(this.two, nanos, 0) == this.two.get(1)) ? 1 : 0;
		}
		return (double) count / PICKS;
	}

}
