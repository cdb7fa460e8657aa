package io.redmesh.core.endpoint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests of the shares of the distances for random services, compared with the rules of
 * docs/concepts/zones.md.
 */
class TiersModelTests {

	private static final List<Locality> ZONES = List.of(new Locality("eu", "a", "rack-1"),
			new Locality("eu", "a", "rack-2"), new Locality("eu", "b", ""), new Locality("eu", "c", ""),
			new Locality("eu", "", ""), new Locality("us", "a", ""), new Locality("us", "b", ""), Locality.UNKNOWN);

	private static final EjectionPolicy POLICY = new EjectionPolicy(Duration.ofSeconds(1), Duration.ofSeconds(8), 1, 0,
			Duration.ZERO);

	private final ManualTime time = new ManualTime();

	@ParameterizedTest
	@CsvSource({ "eu, a", "eu, c", "eu, ''", "us, b", "asia, a", "'', ''" })
	void eachDistanceTakesWhatTheRulesSay(String region, String zone) {
		Locality own = new Locality(region, zone, "");
		SplittableRandom random = new SplittableRandom(31);
		int shared = 0;
		for (int service = 0; service < 100; service++) {
			EndpointPool pool = pool(random, own);
			List<Endpoint> candidates = pool.view().candidates();
			double[] expected = expected(pool.all(), candidates, own);
			double[] measured = new double[Tier.MAX];
			for (int call = 0; call < 1_000; call++) {
				Tier tier = pool.view().tier(this.time.nanos());
				int distance = distance(tier.endpoints().get(0), own);
				assertThat(tier.endpoints())
					.isEqualTo(candidates.stream().filter((one) -> distance(one, own) == distance).toList());
				measured[distance] += 1 / 1_000.0;
			}
			// Limits are whole percents, and of a hundred calls one more or less may go.
			assertThat(measured).as("%s from %s", pool.all(), own).containsExactly(expected, within(0.021));
			shared += (measured[0] > 0 && measured[0] < 0.99) ? 1 : 0;
		}
		assertThat(shared > 4).isEqualTo(!region.isEmpty() && !region.equals("asia"));
	}

	private EndpointPool pool(SplittableRandom random, Locality own) {
		List<Instance> instances = new ArrayList<>();
		int count = random.nextInt(1, 40);
		int zones = random.nextInt(1, ZONES.size() + 1);
		for (int i = 0; i < count; i++) {
			instances.add(new Instance("orders", "i" + i, "10.0.0." + (i + 1), 80, false, 100,
					ZONES.get(random.nextInt(zones)), Map.of(), Map.of(),
					(random.nextInt(9) == 0) ? Status.DRAINING : Status.UP, 0));
		}
		Catalog catalog = new Catalog();
		catalog.snapshot(new Cursor("3f", 1, 1), true, Map.of("orders", instances));
		EndpointPool pool = new EndpointPools(catalog, this.time, (service) -> POLICY, own).pool("orders");
		assertThat(pool).isNotNull();
		// Of ten instances of a region, so many cannot be reached.
		Map<String, Integer> dead = Map.of("eu", random.nextInt(10), "us", random.nextInt(6), "", random.nextInt(6));
		for (Endpoint endpoint : pool.all()) {
			if (random.nextInt(10) < dead.get(endpoint.instance().locality().region())) {
				endpoint.eject(EjectionCause.UNREACHABLE, null, this.time.nanos(), this.time.nanos());
			}
		}
		return pool;
	}

	private static double[] expected(List<Endpoint> all, List<Endpoint> candidates, Locality own) {
		List<Endpoint> up = all.stream().filter((one) -> one.instance().status() == Status.UP).toList();
		long largest = up.stream()
			.collect(Collectors.groupingBy(
					(one) -> one.instance().locality().region() + "/" + one.instance().locality().zone(),
					Collectors.counting()))
			.values()
			.stream()
			.mapToLong(Long::longValue)
			.max()
			.orElse(1);
		double[] shares = new double[Tier.MAX];
		double left = 1;
		for (int distance = 0; distance < Tier.MAX; distance++) {
			double healthy = count(candidates, distance, own);
			if (healthy > 0) {
				double share = Math.min(1.4 * healthy / count(up, distance, own), 1.1 * healthy / largest);
				shares[distance] = Math.min(left, share);
				left -= shares[distance];
			}
		}
		for (int distance = 0; distance < Tier.MAX; distance++) {
			shares[distance] /= 1 - left;
		}
		return shares;
	}

	private static long count(List<Endpoint> endpoints, int distance, Locality own) {
		return endpoints.stream().filter((one) -> distance(one, own) == distance).count();
	}

	// The distances as the document draws them.
	private static int distance(Endpoint endpoint, Locality own) {
		Locality there = endpoint.instance().locality();
		if (own.region().isEmpty()) {
			return 0;
		}
		if (!there.region().equals(own.region())) {
			return 2;
		}
		return (own.zone().isEmpty() || there.zone().equals(own.zone())) ? 0 : 1;
	}

}
