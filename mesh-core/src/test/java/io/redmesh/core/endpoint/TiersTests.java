package io.redmesh.core.endpoint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TiersTests {

	private static final Locality HERE = new Locality("eu", "a", "");

	private static final Locality NEAR = new Locality("eu", "b", "");

	private static final Locality FAR = new Locality("us", "a", "");

	private final ManualTime time = new ManualTime();

	private final Catalog catalog = new Catalog();

	private int revision;

	private final EndpointPools pools = pools(HERE);

	@Test
	void theOwnZoneTakesAllCallsWhileItIsHealthy() {
		assertThat(shares(known(3, 3, 3))).isEqualTo(Map.of(0, 100));
	}

	@Test
	void callsThatTheOwnZoneCannotTakeGoToTheNext() {
		EndpointPool pool = known(4, 4, 4);
		eject(pool, "here0");
		assertThat(shares(pool)).isEqualTo(Map.of(0, 83, 1, 17));
		eject(pool, "here1");
		assertThat(shares(pool)).isEqualTo(Map.of(0, 55, 1, 45));
	}

	@Test
	void callsOfALostZoneGoToTheRegionAndThenAnywhere() {
		EndpointPool pool = known(2, 2, 2);
		eject(pool, "here0", "here1");
		assertThat(shares(pool)).isEqualTo(Map.of(1, 100));
		eject(pool, "near0", "near1");
		assertThat(shares(pool)).isEqualTo(Map.of(0, 100));
		assertThat(pool.view().tier(this.time.nanos()).endpoints()).extracting((endpoint) -> endpoint.instance().id())
			.containsExactly("far0", "far1");
		assertThat(shares(known(0, 1, 1))).isEqualTo(Map.of(1, 100));
		assertThat(shares(known(0, 0, 0))).isEqualTo(Map.of(0, 100));
	}

	@Test
	void theFirstInstanceOfAZoneToComeBackIsNotCalledForTheWholeZone() {
		assertThat(shares(known(1, 4, 0))).isEqualTo(Map.of(0, 28, 1, 72));
		assertThat(shares(known(3, 4, 0))).isEqualTo(Map.of(0, 83, 1, 17));
	}

	@Test
	void aZoneInSlowStartTakesThatMuchLess() {
		EndpointPools slow = pools(HERE, Duration.ofSeconds(10));
		known(3, 3, 0);
		EndpointPool pool = slow.pool("orders");
		assertThat(shares(pool)).isEqualTo(Map.of(0, 100));
		unreachable(pool, "here0", "here1", "here2");
		this.time.forward(Duration.ofSeconds(1));
		pool.all().forEach((endpoint) -> endpoint.restore(this.time.nanos(), this.time.nanos()));
		assertThat(shares(pool).get(0)).isBetween(8, 12);
		this.time.forward(Duration.ofSeconds(5));
		assertThat(shares(pool).get(0)).isBetween(47, 53);
		this.time.forward(Duration.ofSeconds(5));
		assertThat(shares(pool)).isEqualTo(Map.of(0, 100));
	}

	@Test
	void callsThatNoZoneCanTakeAreSpreadInTheSameProportions() {
		EndpointPool pool = known(10, 10, 0);
		String[] ids = new String[16];
		for (int i = 0; i < 8; i++) {
			ids[i] = "here" + i;
			ids[8 + i] = "near" + i;
		}
		unreachable(pool, ids);
		assertThat(shares(pool)).isEqualTo(Map.of(0, 50, 1, 50));
	}

	@Test
	void anAppWithoutAZoneCallsItsRegionAndOneWithoutALocalityCallsAll() {
		EndpointPool region = pools(new Locality("eu", "", "")).pool("orders");
		assertThat(region).isNull();
		EndpointPools ofRegion = pools(new Locality("eu", "", ""));
		EndpointPools ofAll = pools(Locality.UNKNOWN);
		known(1, 1, 1);
		assertThat(ofRegion.pool("orders").view().tier(0).endpoints()).hasSize(2);
		assertThat(ofAll.pool("orders").view().tier(0).endpoints()).hasSize(3);
	}

	private EndpointPools pools(Locality own) {
		return pools(own, Duration.ZERO);
	}

	private EndpointPools pools(Locality own, Duration slowStart) {
		EjectionPolicy all = new EjectionPolicy(Duration.ofSeconds(1), Duration.ofSeconds(8), 1, 0, slowStart);
		return new EndpointPools(this.catalog, this.time, (service) -> all, own);
	}

	private EndpointPool known(int here, int near, int far) {
		List<Instance> instances = new ArrayList<>();
		add(instances, "here", here, HERE);
		add(instances, "near", near, NEAR);
		add(instances, "far", far, FAR);
		this.catalog.snapshot(new Cursor("3f", 1, ++this.revision), true, Map.of("orders", instances));
		EndpointPool pool = this.pools.pool("orders");
		assertThat(pool).isNotNull();
		return pool;
	}

	private static void add(List<Instance> instances, String name, int count, Locality locality) {
		for (int i = 0; i < count; i++) {
			instances.add(new Instance("orders", name + i, "10.0.0." + (instances.size() + 1), 80, false, 100, locality,
					Map.of(), Map.of(), Status.UP, 0));
		}
	}

	private void eject(EndpointPool pool, String... ids) {
		eject(pool, EjectionCause.CONSECUTIVE_FAILURES, ids);
	}

	private void unreachable(EndpointPool pool, String... ids) {
		eject(pool, EjectionCause.UNREACHABLE, ids);
	}

	private void eject(EndpointPool pool, EjectionCause cause, String... ids) {
		for (Endpoint endpoint : pool.all()) {
			if (List.of(ids).contains(endpoint.instance().id())) {
				endpoint.eject(cause, null, this.time.nanos(), this.time.nanos());
			}
		}
	}

	/** Returns the percentage of the calls that goes to each distance. */
	private Map<Integer, Integer> shares(EndpointPool pool) {
		Map<Integer, Integer> shares = new TreeMap<>();
		for (int call = 0; call < 10_000; call++) {
			shares.merge(pool.view().tier(this.time.nanos()).distance(), 1, Integer::sum);
		}
		shares.replaceAll((distance, calls) -> Math.round(calls / 100F));
		return shares;
	}

}
