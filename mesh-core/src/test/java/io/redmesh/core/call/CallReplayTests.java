package io.redmesh.core.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.outlier.OutlierPolicy;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.core.traffic.RouteTable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.redmesh.core.call.Sent.sent;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests that calls can be replayed from a seed: all chance passes through one seam. */
class CallReplayTests {

	private static final int CALLS = 1_000;

	private static final Locality EAST = new Locality("east", "1", "");

	@ParameterizedTest
	@EnumSource
	void equalSeedsMakeEqualDecisions(LoadBalancing loadBalancing) throws Exception {
		List<String> once = play(loadBalancing, 7);
		assertThat(once).hasSizeGreaterThan(CALLS);
		assertThat(play(loadBalancing, 7)).isEqualTo(once);
		assertThat(play(loadBalancing, 8)).isNotEqualTo(once);
	}

	// The events outside the mesh are the same for each seed.
	private static List<String> play(LoadBalancing loadBalancing, long seed) throws Exception {
		Random events = new Random(1);
		Random chance = new Random(seed);
		ManualTime time = new ManualTime();
		Catalog catalog = new Catalog();
		EndpointPools pools = new EndpointPools(catalog, time, (service) -> EjectionPolicy.DEFAULT, EAST, () -> chance);
		CallPolicy policy = new CallPolicy(loadBalancing, RetryPolicy.DEFAULT, OutlierPolicy.DEFAULT,
				Duration.ofSeconds(12), Duration.ofSeconds(5), 0, 0);
		CallPlanner planner = new CallPlanner(pools, (service) -> policy, time, () -> chance, () -> RouteTable.EMPTY);
		List<Instance> instances = new ArrayList<>();
		List<String> decisions = new ArrayList<>();
		for (int call = 0; call < CALLS; call++) {
			if (call % 50 == 0 && instances.size() < 12) {
				instances.add(instance(instances.size()));
				catalog.snapshot(new Cursor("3f", 1, instances.size()), true, Map.of("orders", List.copyOf(instances)));
			}
			CallPlan plan = planner.service("orders").plan(CallTerms.IDEMPOTENT);
			for (Attempt attempt = sent(plan.first()); attempt != null; attempt = sent(
					plan.after(outcome(events), 0, null))) {
				decisions.add(attempt.instance().id() + " after " + attempt.delay());
				time.forward(Duration.ofMillis(events.nextInt(1, 300)));
			}
			plan.release();
		}
		return decisions;
	}

	private static Outcome outcome(Random events) {
		return switch (events.nextInt(12)) {
			case 0 -> Outcome.UNAVAILABLE;
			case 1 -> Outcome.CONNECT_FAILED;
			case 2 -> Outcome.BROKEN;
			default -> Outcome.RESPONDED;
		};
	}

	private static Instance instance(int number) {
		Locality locality = (number % 3 == 0) ? EAST : new Locality("east", "2", "");
		return new Instance("orders", "i" + number, "10.0.0." + (number + 1), 80, false, 100, locality, Map.of(),
				Map.of(), Status.UP, 0);
	}

}
