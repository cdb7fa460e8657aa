package io.redmesh.core.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.outlier.OutlierPolicy;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.core.traffic.DestinationKey;
import io.redmesh.core.traffic.RouteTable;
import io.redmesh.core.traffic.TestRules;
import org.junit.jupiter.api.Test;

import static io.redmesh.core.call.Sent.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tests of destinations: a service and its subsets, each with a state of its own. */
class CallPlannerTests {

	private static final DestinationKey V1 = new DestinationKey("orders", "v1");

	private static final DestinationKey V2 = new DestinationKey("orders", "v2");

	private final ManualTime time = new ManualTime();

	private final Catalog catalog = new Catalog();

	private final EndpointPools pools = new EndpointPools(this.catalog, this.time, (service) -> EjectionPolicy.DEFAULT);

	private static final CallPolicy POLICY = new CallPolicy(LoadBalancing.ROUND_ROBIN,
			new RetryPolicy(3, Duration.ZERO, Duration.ZERO, 0, 2, HedgePolicy.NEVER), OutlierPolicy.DEFAULT,
			Duration.ZERO, Duration.ZERO, 1, 0);

	private RouteTable rules = TestRules.table(TestRules.ordersPolicy("""
			subsets:
			- name: v1
			  labels: {version: v1}
			- name: v2
			  labels: {version: v2}
			"""));

	private final CallPlanner planner = new CallPlanner(this.pools, (destination) -> POLICY, this.time,
			ThreadLocalRandom::current, () -> this.rules);

	private long revision;

	@Test
	void aDestinationIsFoundByItsKey() throws Exception {
		see("orders");
		Destination all = this.planner.service("orders");
		assertThat(this.planner.destination("orders", null)).isSameAs(all);
		assertThat(this.planner.destination(new DestinationKey("orders", ""))).isSameAs(all);
		assertThat(this.planner.destination(new DestinationKey("orders", "v2"))).isSameAs(this.planner.destination(V2))
			.isNotSameAs(all);
		assertThat(this.planner.destination(new DestinationKey("stock", "v2"))).isNull();
		assertThat(called(V1)).isEqualTo("a");
		assertThat(called(V2)).isEqualTo("b");
	}

	private String called(DestinationKey key) throws Exception {
		CallPlan plan = this.planner.destination(key).plan(CallTerms.ONCE);
		String id = sent(plan.first()).instance().id();
		plan.after(Outcome.RESPONDED, 0, null);
		plan.release();
		return id;
	}

	@Test
	void eachDestinationHasALimitAndABudgetOfItsOwn() throws Exception {
		see("orders");
		CallPlan ofV1 = this.planner.destination(V1).plan(CallTerms.IDEMPOTENT);
		ofV1.first();
		assertThatExceptionOfType(TooManyCallsException.class)
			.isThrownBy(() -> this.planner.destination(V1).plan(CallTerms.IDEMPOTENT).first());
		assertThat(called(V2)).isEqualTo("b");
		assertThat(ofV1.after(Outcome.UNAVAILABLE, 0, Duration.ZERO)).isNotNull();
		assertThat(ofV1.retriesLeft()).isOne();
		assertThat(this.planner.destination(V2).retriesLeft()).isEqualTo(2);
		assertThat(this.planner.retriesLeft("orders")).isOne();
		assertThat(this.planner.refused("orders", CallRefusal.LIMIT)).isOne();
		assertThat(this.planner.refused("stock", CallRefusal.LIMIT)).isZero();
		assertThat(this.planner.retriesLeft("stock")).isNaN();
		ofV1.release();
	}

	@Test
	void listenersHearOfAServiceOnceWhateverItsSubsets() {
		see("orders", "stock");
		List<String> heard = new ArrayList<>();
		CallListener listener = new CallListener() {

			@Override
			public void firstCalled(EndpointPool pool) {
				heard.add("first " + pool.service());
			}

			@Override
			public void forgotten(String service) {
				heard.add("forgotten " + service);
			}

		};
		this.planner.destination(V1);
		this.planner.listen(listener);
		this.planner.destination(V2);
		this.planner.service("orders");
		assertThat(heard).containsExactly("first orders");
		this.planner.service("stock");
		see("stock");
		this.time.forward(Duration.ofMinutes(11));
		see();
		assertThat(heard).containsExactly("first orders", "first stock", "forgotten orders");
	}

	@Test
	void aServiceThatWasForgottenAndComesBackHasFreshDestinations() throws Exception {
		see("orders", "stock");
		Destination before = this.planner.destination(V2);
		see("stock");
		this.time.forward(Duration.ofMinutes(11));
		see();
		see("orders");
		assertThat(this.planner.destination(V2)).isNotSameAs(before);
		assertThat(called(V2)).isEqualTo("b");
	}

	@Test
	void subsetsThatAreNotDefinedAnyMoreAreForgotten() throws Exception {
		see("orders");
		Destination all = this.planner.service("orders");
		Destination before = this.planner.destination(V2);
		this.planner.refreshPolicies();
		assertThat(this.planner.destination(V2)).isSameAs(before);
		RouteTable defined = this.rules;
		this.rules = RouteTable.EMPTY;
		this.planner.refreshPolicies();
		assertThatExceptionOfType(NoEndpointException.class)
			.isThrownBy(() -> this.planner.destination(V2).plan(CallTerms.ONCE).first())
			.withMessageContaining("'v2', which no DestinationRule defines");
		assertThat(this.planner.destination(V2)).isNotSameAs(before);
		this.rules = defined;
		this.planner.refreshPolicies();
		assertThat(called(V2)).isEqualTo("b");
		assertThat(this.planner.service("orders")).isSameAs(all);
	}

	private void see(String... services) {
		Map<String, List<Instance>> all = Arrays.stream(services)
			.collect(Collectors.toMap(Function.identity(),
					(service) -> List.of(Instance.of(service, "a", "10.0.0.1", 80).withLabels(Map.of("version", "v1")),
							Instance.of(service, "b", "10.0.0.2", 80).withLabels(Map.of("version", "v2")))));
		this.catalog.snapshot(new Cursor("lineage", 1, ++this.revision), true, all);
	}

}
