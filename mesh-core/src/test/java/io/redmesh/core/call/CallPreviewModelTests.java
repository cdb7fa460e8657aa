package io.redmesh.core.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

import io.redmesh.core.endpoint.EjectionCause;
import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.endpoint.Requirement;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import io.redmesh.core.loadbalance.KeyHash;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.outlier.OutlierPolicy;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.redmesh.core.call.Sent.sent;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of previews in random states, each compared with the call that then begins. */
class CallPreviewModelTests {

	private static final List<Locality> ZONES = List.of(new Locality("eu", "a", ""), new Locality("eu", "b", ""),
			new Locality("us", "a", ""));

	private static final EjectionPolicy EJECTION = new EjectionPolicy(Duration.ofSeconds(1), Duration.ofSeconds(8), 0.5,
			0.5, Duration.ZERO);

	private final ManualTime time = new ManualTime();

	private final Catalog catalog = new Catalog();

	private final EndpointPools pools = new EndpointPools(this.catalog, this.time, (service) -> EJECTION, ZONES.get(0));

	private final SplittableRandom random = new SplittableRandom(23);

	private final List<OpenCall> open = new ArrayList<>();

	private long revision;

	private int probes;

	private int refused;

	private int waited;

	private int begun;

	@ParameterizedTest
	@EnumSource(names = { "ADAPTIVE", "ROUND_ROBIN", "WEIGHTED_RANDOM", "CONSISTENT_HASH" })
	void aCallDoesWhatItsPreviewSays(LoadBalancing loadBalancing) {
		CallPolicy policy = new CallPolicy(loadBalancing, RetryPolicy.DEFAULT.withMaxAttempts(2), OutlierPolicy.DEFAULT,
				Duration.ofSeconds(12), Duration.ofSeconds(5), 3, 2);
		CallPlanner planner = new CallPlanner(this.pools, (service) -> policy, this.time);
		update();
		for (int step = 0; step < 3_000; step++) {
			if (this.random.nextInt(80) == 0) {
				update();
			}
			this.time.forward(Duration.ofMillis(this.random.nextInt(1_500)));
			if (this.random.nextInt(4) == 0) {
				ejectOne();
			}
			while (!this.open.isEmpty() && this.random.nextInt(10) < 5) {
				end(this.open.remove(this.random.nextInt(this.open.size())));
			}
			boolean exact = loadBalancing.keepsTogether();
			CallTerms terms = exact ? terms().withHashKey("key" + this.random.nextInt(50)) : terms();
			compare(planner, planner.service("orders").plan(terms), exact);
		}
		assertThat(this.probes).isGreaterThan(100);
		assertThat(this.refused).isGreaterThan(200);
		assertThat(this.waited).isGreaterThan(200);
		assertThat(this.begun).isGreaterThan(500);
	}

	private void compare(CallPlanner planner, CallPlan plan, boolean exact) {
		List<Object> before = state(planner);
		CallPreview preview = plan.preview();
		assertThat(plan.preview().refusal()).isEqualTo(preview.refusal());
		assertThat(state(planner)).isEqualTo(before);
		assertThat(preview.repeatable()).isEqualTo(planner.retriesLeft("orders") >= 1);
		assertThat(preview.ahead()).isEqualTo(planner.pending("orders"));
		try {
			CompletableFuture<?> granted = plan.acquirePermit();
			assertThat(preview.waits()).isEqualTo(granted != null && preview.refusal() == null);
			if (granted == null) {
				begin(plan, preview, exact);
				this.begun++;
			}
			else {
				this.waited++;
			}
			this.open.add(new OpenCall(plan, granted));
		}
		catch (NoEndpointException ex) {
			assertThat(preview.refusal()).isEqualTo(ex.getMessage());
			assertThat(preview.instance()).isNull();
			this.refused++;
		}
	}

	private void begin(CallPlan plan, CallPreview preview, boolean exact) throws NoEndpointException {
		List<Object> ejections = ejections();
		Attempt attempt = sent(plan.first());
		assertThat(preview.refusal()).isNull();
		assertThat(preview.timeout()).isEqualTo(Duration.ofNanos(attempt.timeout()));
		boolean probe = !ejections().equals(ejections);
		assertThat(preview.probe()).isEqualTo(probe);
		this.probes += probe ? 1 : 0;
		if (probe || exact) {
			assertThat(preview.instance()).isEqualTo(attempt.instance());
		}
		else {
			// Two picks of a balancer may differ, but not in the zone that they go to.
			assertThat(preview.instance().locality()).isEqualTo(attempt.instance().locality());
		}
	}

	private List<Object> state(CallPlanner planner) {
		List<Object> state = new ArrayList<>(ejections());
		this.pools.pool("orders").all().forEach((endpoint) -> state.add(endpoint.inFlight()));
		for (CallRefusal refusal : CallRefusal.values()) {
			state.add(planner.refused("orders", refusal));
		}
		state.add(planner.pending("orders"));
		state.add(planner.retriesLeft("orders"));
		return state;
	}

	private List<Object> ejections() {
		return this.pools.pool("orders")
			.all()
			.stream()
			.map((endpoint) -> (Object) String.valueOf(endpoint.ejection()))
			.toList();
	}

	private CallTerms terms() {
		Deadline deadline = new Deadline(true, this.time.nanos() + this.random.nextInt(-1, 5) * 2_000_000_000L);
		CallTerms terms = new CallTerms(this.random.nextBoolean(), this.random.nextInt(4) > 0,
				(this.random.nextInt(3) == 0) ? deadline : Deadline.NONE);
		if (this.random.nextInt(8) == 0) {
			terms = terms.preferring(KeyHash.of("i" + this.random.nextInt(9)));
		}
		return switch (this.random.nextInt(6)) {
			case 0 -> terms.requiring(Requirement.SECURE);
			case 1 -> terms.requiring(new Requirement(false, 8080 + this.random.nextInt(3)));
			default -> terms;
		};
	}

	private void ejectOne() {
		List<Endpoint> all = this.pools.pool("orders").all();
		if (!all.isEmpty()) {
			EjectionCause[] causes = EjectionCause.values();
			all.get(this.random.nextInt(all.size()))
				.eject(causes[this.random.nextInt(causes.length)], null, this.time.nanos(), this.time.nanos());
		}
	}

	private void end(OpenCall call) {
		CallPlan plan = call.plan;
		try {
			if (call.granted == null || call.granted.isDone()) {
				if (call.granted != null) {
					plan.first();
				}
				Outcome[] outcomes = Outcome.values();
				if (plan.after(outcomes[this.random.nextInt(outcomes.length)], 0, null) != null) {
					plan.after(Outcome.RESPONDED, 0, null);
				}
			}
		}
		catch (NoEndpointException ex) {
			assertThat(ex).hasMessageContaining("orders");
		}
		plan.release();
	}

	private void update() {
		List<Instance> instances = new ArrayList<>();
		for (int i = this.random.nextInt(3); i < 9; i += this.random.nextInt(1, 4)) {
			Status status = (this.random.nextInt(4) == 0) ? Status.values()[this.random.nextInt(Status.values().length)]
					: Status.UP;
			instances.add(new Instance("orders", "i" + i, "10.0.0." + (i + 1), 8080 + i % 2, i % 3 == 0, 100,
					ZONES.get(i % 3), Map.of(), Map.of(), status, 0, this.random.nextInt(6) == 0));
		}
		this.catalog.snapshot(new Cursor("3f", 1, ++this.revision), true, Map.of("orders", instances));
	}

	/** A call that is in flight or in the queue. */
	private record OpenCall(CallPlan plan, CompletableFuture<?> granted) {

	}

}
