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

/** When tables are computed. What is picked by them is tested with each kind of table. */
class ConsistentHashTests {

	private final AtomicInteger computed = new AtomicInteger();

	private final ConsistentHash consistentHash = new ConsistentHash((shares) -> {
		this.computed.incrementAndGet();
		return Maglev.of(shares);
	}, 1.25);

	private final List<Endpoint> endpoints = LoadBalancerContract.endpoints(100, 100, 100, 100);

	@Test
	void oneListTakesOneTable() {
		pickTenOf(this.endpoints);
		assertThat(this.computed).hasValue(1);
	}

	@Test
	void oneOrNobodyTakesNone() {
		pickTenOf(List.of());
		pickTenOf(this.endpoints.subList(0, 1));
		assertThat(this.computed).hasValue(0);
	}

	@Test
	void triesOfSingleCallsTakeNone() {
		for (int call = 0; call < 10; call++) {
			pickTenOf(this.endpoints);
			this.consistentHash.pick(new ArrayList<>(this.endpoints.subList(1, 4)), 0, call);
			this.consistentHash.pick(new ArrayList<>(this.endpoints.subList(0, 3)), 0, call);
		}
		assertThat(this.computed).hasValue(1);
	}

	@Test
	void aPartThatComesAgainTakesOne() {
		pickTenOf(this.endpoints);
		List<Endpoint> part = new ArrayList<>(this.endpoints.subList(1, 4));
		this.consistentHash.pick(part, 0, 1);
		assertThat(this.computed).hasValue(1);
		pickTenOf(part);
		assertThat(this.computed).hasValue(2);
	}

	@Test
	void anotherListOfTheSameKeepsTheTable() {
		pickTenOf(this.endpoints);
		pickTenOf(new ArrayList<>(this.endpoints));
		assertThat(this.computed).hasValue(1);
	}

	@Test
	void theSameWithOtherWeightsTakesOneAtOnce() {
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
	void aListOfOthersTakesOneAtOnce() {
		pickTenOf(this.endpoints);
		List<Endpoint> others = LoadBalancerContract.endpoints(100, 100, 100);
		assertThat(this.consistentHash.pick(others, 0, 1)).isIn(others);
		assertThat(this.computed).hasValue(2);
	}

	@Test
	void whoeverMeetsANewListMeanwhileWaitsForItsTable() throws InterruptedException {
		AtomicReference<LoadBalancer> shared = new AtomicReference<>(this.consistentHash);
		Thread second = new Thread(() -> shared.get().pick(this.endpoints, 0, 2));
		shared.set(new ConsistentHash((shares) -> {
			if (this.computed.incrementAndGet() == 1) {
				second.start();
				while (second.getState() != Thread.State.BLOCKED && this.computed.get() == 1) {
					Thread.onSpinWait();
				}
			}
			return Maglev.of(shares);
		}, 1.25));
		shared.get().pick(this.endpoints, 0, 1);
		second.join();
		assertThat(this.computed).hasValue(1);
	}

	private void pickTenOf(List<Endpoint> candidates) {
		for (int key = 0; key < 10; key++) {
			this.consistentHash.pick(candidates, 0, key);
		}
	}

}
