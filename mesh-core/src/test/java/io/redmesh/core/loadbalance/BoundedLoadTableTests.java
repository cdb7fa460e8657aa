package io.redmesh.core.loadbalance;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import io.redmesh.core.endpoint.Endpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the bound of consistent hashing, compared with its formula in decimals. */
class BoundedLoadTableTests {

	private static final int PROBES = 32;

	private final SplittableRandom random = new SplittableRandom(15);

	@ParameterizedTest
	@ValueSource(strings = { "1.25", "1.01", "2", "10" })
	void theFirstEndpointBelowItsBoundGetsTheCall(String factor) {
		int overflows = 0;
		for (int trial = 0; trial < 60; trial++) {
			List<Endpoint> endpoints = LoadBalancerContract
				.endpoints(this.random.ints(this.random.nextInt(2, 12), 0, 9).map((weight) -> weight * 50).toArray());
			WeightedEndpoints weighted = WeightedEndpoints.byId(endpoints);
			KeyTable table = Maglev.of(weighted);
			BoundedLoadTable bounded = new BoundedLoadTable(weighted, table, Double.parseDouble(factor));
			for (int call = 0; call < 100; call++) {
				List<Endpoint> candidates = candidates(endpoints);
				long key = this.random.nextLong();
				Endpoint expected = expected(weighted, table, new BigDecimal(factor), key, candidates);
				Endpoint picked = bounded.pick(key, candidates);
				assertThat(picked).isSameAs(expected);
				overflows += (picked != weighted.endpoint(table.indexOf(KeyHash.mix(key, 0)))) ? 1 : 0;
				endpoints.get(this.random.nextInt(endpoints.size())).attemptStarted(0);
			}
		}
		assertThat(overflows).isGreaterThan(500);
	}

	private List<Endpoint> candidates(List<Endpoint> endpoints) {
		if (this.random.nextInt(3) > 0) {
			return endpoints;
		}
		List<Endpoint> some = new ArrayList<>(endpoints);
		some.removeIf((endpoint) -> this.random.nextInt(3) == 0);
		return some;
	}

	private static Endpoint expected(WeightedEndpoints weighted, KeyTable table, BigDecimal factor, long key,
			List<Endpoint> candidates) {
		Endpoint least = null;
		BigDecimal leastLoad = null;
		for (int probe = 0; probe < PROBES; probe++) {
			int index = table.indexOf(KeyHash.mix(key, probe));
			Endpoint endpoint = weighted.endpoint(index);
			if (!candidates.contains(endpoint)) {
				continue;
			}
			// As many as c * w / W * (calls + 1), rounded up.
			BigDecimal bound = factor.multiply(BigDecimal.valueOf(weighted.weight(index)))
				.multiply(BigDecimal.valueOf(weighted.inFlight() + 1))
				.divide(BigDecimal.valueOf(weighted.total()), 0, RoundingMode.CEILING);
			if (BigDecimal.valueOf(endpoint.inFlight()).compareTo(bound) <= 0) {
				return endpoint;
			}
			BigDecimal load = BigDecimal.valueOf(endpoint.inFlight())
				.divide(BigDecimal.valueOf(weighted.weight(index)), 20, RoundingMode.HALF_UP);
			if (leastLoad == null || load.compareTo(leastLoad) < 0) {
				leastLoad = load;
				least = endpoint;
			}
		}
		return least;
	}

	@Test
	void callsThatFollowOneAnotherStayWithinAQuarterAboveTheirShare() {
		List<Endpoint> endpoints = LoadBalancerContract.endpoints(100, 100, 200, 400, 50);
		LoadBalancer balancer = LoadBalancer.ringHash(LoadBalancer.DEFAULT_BALANCE_FACTOR);
		List<Endpoint> calls = new ArrayList<>();
		for (int call = 0; call < 5_000; call++) {
			// Few keys, of which some are much more frequent.
			int key = Math.min(this.random.nextInt(20), this.random.nextInt(20));
			Endpoint picked = balancer.pick(endpoints, 0, KeyHash.of("user-" + key));
			assertThat(picked).isNotNull();
			double share = picked.instance().weight() / 850.0;
			assertThat(picked.inFlight()).isLessThanOrEqualTo((int) Math.ceil(1.25 * share * (calls.size() + 1)));
			picked.attemptStarted(0);
			calls.add(picked);
			if (calls.size() > 200) {
				calls.remove(this.random.nextInt(calls.size())).attemptEnded();
			}
		}
	}

}
