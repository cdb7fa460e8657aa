package io.redmesh.autoconfigure.actuate;

import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.redmesh.autoconfigure.call.HttpCall;
import io.redmesh.autoconfigure.call.HttpCalls;
import io.redmesh.autoconfigure.call.PendingCall;
import io.redmesh.core.call.CallPlanner;
import io.redmesh.core.call.CallPolicy;
import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.Endpoint;
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

/** Tests of the log lines and counters of a service whose instances are all dead. */
@ExtendWith(OutputCaptureExtension.class)
class DeadServiceTests {

	private static final Pattern EJECTED = Pattern.compile("endpoint \\S+ (stays )?ejected");

	private final ManualTime time = new ManualTime();

	private final Catalog catalog = new Catalog();

	private final EndpointPools pools = new EndpointPools(this.catalog, this.time, (service) -> EjectionPolicy.DEFAULT);

	private final CallPlanner planner = new CallPlanner(this.pools, (service) -> CallPolicy.DEFAULT, this.time);

	private final HttpCalls calls = new HttpCalls(this.planner, Set.of(503), this.time, ObservationRegistry.NOOP);

	private final MeterRegistry meters = new SimpleMeterRegistry();

	@Test
	void oneTransitionIsOneLineAndOneCountHoweverManyCallsFail(CapturedOutput output) throws Exception {
		new CallMetrics(this.pools, this.planner).bindTo(this.meters);
		this.catalog.snapshot(new Cursor("lineage", 1, 1), true,
				Map.of("orders", List.of(Instance.of("orders", "a", "10.0.0.1", 80),
						Instance.of("orders", "b", "10.0.0.2", 80), Instance.of("orders", "c", "10.0.0.3", 80))));
		for (int made = 0; made < 1000; made++) {
			PendingCall pending = this.calls.plan("orders", true, null, null);
			assertThat(pending).isNotNull();
			HttpCall call = pending.begin();
			while (call.failed(new ConnectException("Connection refused"))) {
				// The call goes on to the next instance.
			}
			this.time.forward(Duration.ofMillis(10));
		}
		assertThat(count("mesh.client.ejections")).isEqualTo(3);
		assertThat(EJECTED.matcher(output).results()).hasSize(3);
		assertThat(this.pools.pool("orders").all()).allSatisfy((endpoint) -> {
			assertThat(endpoint.isEjected()).isTrue();
			// Probes after 1, 3 and 7 seconds, each by one call.
			assertThat(endpoint.ejection().times()).isBetween(3, 4);
		});
		for (Endpoint endpoint : this.pools.pool("orders").all()) {
			endpoint.restore(this.time.nanos(), this.time.nanos());
		}
		assertThat(count("mesh.client.restorations")).isEqualTo(3);
	}

	private double count(String name) {
		return this.meters.get(name).counters().stream().mapToDouble((counter) -> counter.count()).sum();
	}

}
