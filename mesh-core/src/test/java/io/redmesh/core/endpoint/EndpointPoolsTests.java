package io.redmesh.core.endpoint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.registry.InstanceChange;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of when pools and endpoints stay the same, and when they are dropped. */
class EndpointPoolsTests {

	private static final Instance ORDER = Instance.of("orders", "a", "10.0.0.1", 80);

	private static final Instance STOCK = Instance.of("stock", "s", "10.0.0.2", 80);

	private final ManualTime time = new ManualTime();

	private final Catalog catalog = new Catalog();

	private final EndpointPools pools = new EndpointPools(this.catalog, this.time, (service) -> EjectionPolicy.DEFAULT);

	private final List<EndpointPool> dropped = new ArrayList<>();

	private long revision;

	@Test
	void aPoolIsDroppedAtTheFirstLossOfAnyServiceAfterTenMinutesWithoutInstances() {
		this.pools.listenToDropped(this.dropped::add);
		snapshot(Map.of("orders", List.of(ORDER), "stock", List.of(STOCK)));
		EndpointPool orders = this.pools.pool("orders");
		EndpointPool stock = this.pools.pool("stock");
		snapshot(Map.of("stock", List.of(STOCK)));
		this.time.forward(EndpointPools.KEPT.minusNanos(1));
		loseStock();
		assertThat(this.dropped).isEmpty();
		assertThat(this.pools.existing("orders")).isSameAs(orders);
		this.time.forward(Duration.ofNanos(1));
		loseStock();
		assertThat(this.dropped).containsExactly(orders);
		assertThat(this.pools.existing("orders")).isNull();
		assertThat(this.pools.existing("stock")).isSameAs(stock);
		assertThat(this.pools.pool("orders")).isNotNull().isNotSameAs(orders);
	}

	@Test
	void aServiceThatComesBackInTimeKeepsItsPool() {
		this.pools.listenToDropped(this.dropped::add);
		snapshot(Map.of("orders", List.of(ORDER), "stock", List.of(STOCK)));
		EndpointPool orders = this.pools.pool("orders");
		for (int round = 0; round < 3; round++) {
			snapshot(Map.of("stock", List.of(STOCK)));
			this.time.forward(Duration.ofMinutes(6));
			snapshot(Map.of("orders", List.of(ORDER), "stock", List.of(STOCK)));
			this.time.forward(Duration.ofMinutes(6));
			loseStock();
		}
		assertThat(this.dropped).isEmpty();
		assertThat(this.pools.existing("orders")).isSameAs(orders);
		assertThat(orders.all()).hasSize(1);
	}

	private void loseStock() {
		this.catalog.delta(this.catalog.cursor().at(++this.revision), List.of(InstanceChange.gone("stock", "s")));
		this.catalog.delta(this.catalog.cursor().at(++this.revision), List.of(InstanceChange.put(STOCK)));
	}

	@Test
	void endpointsSurviveAllSnapshotsThatLeaveIncarnationAndAddress() {
		SplittableRandom random = new SplittableRandom(4);
		Map<String, Endpoint> known = new HashMap<>();
		Map<Endpoint, Integer> calls = new HashMap<>();
		int survived = 0;
		int replaced = 0;
		for (int step = 0; step < 400; step++) {
			Map<String, Instance> next = new HashMap<>();
			for (int i = random.nextInt(3); i < 8; i += random.nextInt(1, 3)) {
				next.put("i" + i, random(random, "i" + i));
			}
			snapshot(Map.of("orders", List.copyOf(next.values())));
			List<Endpoint> all = this.pools.pool("orders").all();
			assertThat(all).extracting((endpoint) -> endpoint.instance().id())
				.containsExactlyElementsOf(next.keySet().stream().sorted().toList());
			Map<String, Endpoint> now = new HashMap<>();
			for (Endpoint endpoint : all) {
				Instance instance = next.get(endpoint.instance().id());
				assertThat(endpoint.instance()).isEqualTo(instance);
				assertThat(endpoint.authority()).isEqualTo(instance.authority());
				String incarnation = instance.id() + instance.authority() + instance.secure() + instance.fence();
				Endpoint before = known.get(incarnation);
				if (before != null) {
					assertThat(endpoint).isSameAs(before);
					survived++;
				}
				else {
					assertThat(known).doesNotContainValue(endpoint);
					replaced++;
				}
				assertThat(endpoint.inFlight()).isEqualTo(calls.getOrDefault(endpoint, 0));
				endpoint.attemptStarted(0);
				calls.merge(endpoint, 1, Integer::sum);
				now.put(incarnation, endpoint);
			}
			known = now;
		}
		assertThat(survived).isGreaterThan(100);
		assertThat(replaced).isGreaterThan(100);
	}

	private static Instance random(SplittableRandom random, String id) {
		Instance any = new Instance("orders", id, "10.0.0." + random.nextInt(1, 3), 80 + random.nextInt(20) / 19,
				random.nextInt(9) == 0, random.nextInt(200), new io.redmesh.core.instance.Locality("eu", "", ""),
				Map.of("version", String.valueOf(random.nextInt(9))), Map.of(),
				Status.values()[random.nextInt(Status.values().length)], random.nextInt(9) / 8);
		return any.withSuspect(random.nextBoolean());
	}

	private void snapshot(Map<String, List<Instance>> services) {
		this.catalog.snapshot(new Cursor("3f", 1, ++this.revision), true, services);
	}

}
