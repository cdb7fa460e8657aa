package io.redmesh.autoconfigure.actuate;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.redmesh.core.call.CallPlan;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.call.CallPolicy;
import io.redmesh.core.call.CallTerms;
import io.redmesh.core.call.Outcome;
import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class CallMetricsTests {

	private final ManualTime time = new ManualTime();

	private final Catalog catalog = new Catalog();

	private final EndpointPools pools = new EndpointPools(this.catalog, this.time, (service) -> EjectionPolicy.DEFAULT);

	private final CallPlanner planner = new CallPlanner(this.pools, (service) -> CallPolicy.DEFAULT, this.time);

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private long revision;

	CallMetricsTests() {
		new CallMetrics(this.pools, this.planner).bindTo(this.meters);
	}

	@Test
	void onlyServicesThatAreCalledHaveMetersAndLines(CapturedOutput output) throws Exception {
		see(IntStream.range(0, 1000).mapToObj((i) -> "service-" + i).toArray(String[]::new));
		assertThat(this.meters.getMeters()).isEmpty();
		assertThat(this.pools.all()).isEmpty();
		assertThat(output).doesNotContain("service-7");
		call("service-7");
		assertThat(services()).containsOnlyKeys("service-7");
		assertThat(output).contains("service-7: endpoint 10.0.0.1:80 added").doesNotContain("service-8");
	}

	@Test
	void serviceThatWasCalledBeforeTheMetersWereBoundHasThem() throws Exception {
		see("orders");
		call("orders");
		SimpleMeterRegistry late = new SimpleMeterRegistry();
		new CallMetrics(this.pools, this.planner).bindTo(late);
		assertThat(
				late.get("mesh.client.endpoints").tags("mesh.service", "orders", "state", "candidate").gauge().value())
			.isOne();
	}

	@Test
	void serviceThatHasGoneLeavesNoMetersBehind() throws Exception {
		for (int i = 0; i < 100; i++) {
			String service = "preview-" + i;
			see("orders", service);
			call("orders");
			call(service);
			this.meters.counter("mesh.client.ejections", "mesh.service", service, "cause", "unreachable").increment();
			see("orders");
			this.time.forward(Duration.ofMinutes(11));
		}
		see("orders", "last");
		see("orders");
		assertThat(services()).containsOnlyKeys("orders");
		assertThat(this.pools.all()).hasSize(1);
	}

	@Test
	void serviceThatComesBackGoesOn() throws Exception {
		see("orders", "customers");
		call("orders");
		see("customers");
		this.time.forward(Duration.ofMinutes(9));
		see("customers", "orders");
		this.time.forward(Duration.ofMinutes(9));
		see("orders");
		assertThat(services()).containsOnlyKeys("orders");
		see();
		this.time.forward(Duration.ofMinutes(11));
		see("other");
		see();
		assertThat(services()).isEmpty();
		see("orders");
		call("orders");
		assertThat(services()).containsOnlyKeys("orders");
	}

	private void see(String... services) {
		Map<String, List<Instance>> all = List.of(services)
			.stream()
			.collect(Collectors.toMap(Function.identity(),
					(service) -> List.of(Instance.of(service, "a", "10.0.0.1", 80))));
		this.catalog.snapshot(new Cursor("lineage", 1, ++this.revision), true, all);
	}

	private void call(String service) throws Exception {
		CallPlan plan = this.planner.service(service).plan(CallTerms.IDEMPOTENT);
		assertThat(plan).isNotNull();
		plan.first();
		plan.after(Outcome.RESPONDED, 0, null);
		plan.release();
	}

	private Map<String, Long> services() {
		return this.meters.getMeters()
			.stream()
			.map(Meter::getId)
			.collect(Collectors.groupingBy((id) -> id.getTag("mesh.service"), Collectors.counting()));
	}

}
