package io.redmesh.core.loadbalance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of when tables are computed. The picks are tested with each kind of table. */
class ConsistentHashTests {

	private final AtomicInteger computed = new AtomicInteger();

	private final ConsistentHash consistentHash = new ConsistentHash((weighted) -> {
		this.computed.incrementAndGet();
		return Maglev.of(weighted);
	}, 1.25);

	private final List<Endpoint> endpoints = LoadBalancerContract.endpoints(100, 100, 100, 100);

	@Test
	void oneListTakesOneTable() {
		pickTenOf(this.endpoints);
		assertThat(this.computed).hasValue(1);
	}

	@Test
	void oneEndpointOrNoneTakesNoTable() {
		pickTenOf(List.of());
		pickTenOf(this.endpoints.subList(0, 1));
		assertThat(this.computed).hasValue(0);
	}

	@Test
	void retriesOfSingleCallsTakeNoTable() {
		List<Endpoint> others = LoadBalancerContract.endpoints(100, 100, 100);
		for (int call = 0; call < 10; call++) {
			pickTenOf(this.endpoints);
			for (List<Endpoint> some : List.of(this.endpoints.subList(1, 4), this.endpoints.subList(0, 3),
					this.endpoints.subList(2, 3), others)) {
				assertThat(this.consistentHash.pickOnce(new ArrayList<>(some), 0, call)).isIn(some);
			}
		}
		assertThat(this.consistentHash.pickOnce(List.of(), 0, 1)).isNull();
		assertThat(this.computed).hasValue(1);
	}

	@Test
	void retriesOfEqualKeysGoToTheSameEndpointToo() {
		for (int key = 0; key < 50; key++) {
			assertThat(this.consistentHash.pickOnce(new ArrayList<>(this.endpoints), 0, key))
				.isSameAs(this.consistentHash.pickOnce(new ArrayList<>(this.endpoints), 0, key));
		}
		assertThat(this.computed).hasValue(0);
	}

	@Test
	void alternatingListsTakeOneTableEach() {
		List<Endpoint> part = new ArrayList<>(this.endpoints.subList(1, 4));
		for (int call = 0; call < 10; call++) {
			pickTenOf(this.endpoints);
			pickTenOf(part);
			pickTenOf(new ArrayList<>(part));
		}
		assertThat(this.computed).hasValue(2);
	}

	@Test
	void anotherListOfTheSameEndpointsKeepsTheTable() {
		pickTenOf(this.endpoints);
		pickTenOf(new ArrayList<>(this.endpoints));
		assertThat(this.computed).hasValue(1);
	}

	@Test
	void otherWeightsTakeANewTableAtOnce() {
		Catalog catalog = new Catalog();
		EndpointPools pools = new EndpointPools(catalog, new ManualTime(), (service) -> EjectionPolicy.DEFAULT);
		Instance one = Instance.of("orders", "1", "10.0.0.1", 80);
		Instance other = Instance.of("orders", "2", "10.0.0.2", 80);
		catalog.snapshot(new Cursor("3f", 1, 1), true, Map.of("orders", List.of(one, other)));
		EndpointPool pool = pools.pool("orders");
		assertThat(pool).isNotNull();
		pickTenOf(pool.all());
		catalog.snapshot(new Cursor("3f", 1, 2), true, Map.of("orders", List.of(one, other.withWeight(7))));
		this.consistentHash.pick(pool.all(), 0, 1);
		assertThat(this.computed).hasValue(2);
	}

	@Test
	void aListOfOtherEndpointsTakesANewTableAtOnce() {
		pickTenOf(this.endpoints);
		List<Endpoint> others = LoadBalancerContract.endpoints(100, 100, 100);
		assertThat(this.consistentHash.pick(others, 0, 1)).isIn(others);
		assertThat(this.computed).hasValue(2);
	}

	@Test
	void noOtherPickWaitsForTheTableOfANewList() {
		List<Endpoint> part = new ArrayList<>(this.endpoints.subList(1, 4));
		AtomicReference<LoadBalancer> shared = new AtomicReference<>();
		AtomicReference<Endpoint> meanwhile = new AtomicReference<>();
		shared.set(new ConsistentHash((weighted) -> {
			if (this.computed.incrementAndGet() == 2) {
				// This pick returns while the table is computed.
				Thread other = new Thread(() -> meanwhile.set(shared.get().pick(part, 0, 2)));
				other.start();
				join(other);
			}
			return Maglev.of(weighted);
		}, 1.25));
		shared.get().pick(this.endpoints, 0, 1);
		shared.get().pick(part, 0, 1);
		assertThat(meanwhile.get()).isIn(part);
		assertThat(this.computed).hasValue(2);
	}

	@Test
	void picksWaitForTheVeryFirstTable() {
		AtomicReference<LoadBalancer> shared = new AtomicReference<>();
		Thread second = new Thread(() -> shared.get().pick(this.endpoints, 0, 2));
		shared.set(new ConsistentHash((weighted) -> {
			if (this.computed.incrementAndGet() == 1) {
				second.start();
				while (second.getState() != Thread.State.WAITING && this.computed.get() == 1) {
					Thread.onSpinWait();
				}
			}
			return Maglev.of(weighted);
		}, 1.25));
		shared.get().pick(this.endpoints, 0, 1);
		join(second);
		assertThat(this.computed).hasValue(1);
	}

	private static void join(Thread thread) {
		try {
			thread.join();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void pickTenOf(List<Endpoint> candidates) {
		for (int key = 0; key < 10; key++) {
			this.consistentHash.pick(candidates, 0, key);
		}
	}

}
