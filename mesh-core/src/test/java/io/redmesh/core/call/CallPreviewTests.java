package io.redmesh.core.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.redmesh.core.endpoint.EjectionCause;
import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.endpoint.Requirement;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.outlier.OutlierPolicy;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;

import static io.redmesh.core.call.Sent.sent;
import static org.assertj.core.api.Assertions.assertThat;

class CallPreviewTests {

	private final ManualTime time = new ManualTime();

	private final Catalog catalog = new Catalog();

	private final EndpointPools pools = new EndpointPools(this.catalog, this.time, (service) -> EjectionPolicy.DEFAULT);

	private final CallPolicy policy = new CallPolicy(LoadBalancing.ROUND_ROBIN,
			new RetryPolicy(3, Duration.ZERO, Duration.ZERO, 0, 1, HedgePolicy.NEVER), OutlierPolicy.DEFAULT,
			Duration.ofSeconds(12), Duration.ofSeconds(5), 1, 1);

	private final CallPlanner planner = new CallPlanner(this.pools, (service) -> this.policy, this.time);

	@Test
	void saysWhichInstanceACallWouldGoToAndItsTimeout() {
		up("a", "b");
		CallPreview preview = preview(CallTerms.IDEMPOTENT);
		assertThat(preview.refusal()).isNull();
		assertThat(preview.instance().id()).isIn("a", "b");
		assertThat(preview.candidates()).isEqualTo(2);
		assertThat(preview.timeout()).isEqualTo(Duration.ofSeconds(5));
		assertThat(preview.waits()).isFalse();
		assertThat(preview.repeatable()).isTrue();
	}

	@Test
	void saysThatTheCallWaitsOrThatTheQueueIsFull() throws Exception {
		up("a");
		CallPlan first = plan(CallTerms.IDEMPOTENT);
		first.first();
		CallPreview waiting = preview(CallTerms.IDEMPOTENT);
		assertThat(waiting.waits()).isTrue();
		assertThat(waiting.ahead()).isZero();
		assertThat(waiting.instance()).isNotNull();
		plan(CallTerms.IDEMPOTENT).acquirePermit();
		CallPreview refused = preview(CallTerms.IDEMPOTENT);
		assertThat(refused.instance()).isNull();
		assertThat(refused.waits()).isFalse();
		assertThat(refused.refusal())
			.isEqualTo("No more calls of 'orders': 1 calls are in flight, as many as are permitted, and 1 wait");
	}

	@Test
	void saysThatTheCallWouldComeTooLateOrIsCutShort() {
		up("a");
		assertThat(preview(new CallTerms(true, true, new Deadline(true, this.time.nanos()))).refusal())
			.contains("too late");
		assertThat(preview(new CallTerms(true, true, new Deadline(true, this.time.nanos() + 7))).timeout())
			.isEqualTo(Duration.ofNanos(7));
	}

	@Test
	void saysThatTheBudgetIsUsedUp() throws Exception {
		up("a", "b");
		CallPlan plan = plan(CallTerms.IDEMPOTENT);
		plan.first();
		assertThat(plan.after(Outcome.UNAVAILABLE, 0, null)).isNotNull();
		plan.release();
		assertThat(preview(CallTerms.IDEMPOTENT).repeatable()).isFalse();
	}

	@Test
	void saysWhichRequirementNoInstanceMeets() {
		up("a");
		assertThat(preview(CallTerms.IDEMPOTENT.requiring(Requirement.SECURE)).refusal())
			.contains("No instance of 'orders' serves https");
	}

	@Test
	void saysThatTheCallProbesAndThatThereIsPanic() {
		up("a", "b", "c", "d");
		eject("a", EjectionCause.CONSECUTIVE_FAILURES);
		assertThat(preview(CallTerms.IDEMPOTENT).panic()).isFalse();
		this.time.forward(Duration.ofSeconds(1));
		CallPreview probing = preview(CallTerms.IDEMPOTENT);
		assertThat(probing.probe()).isTrue();
		assertThat(probing.instance().id()).isEqualTo("a");
		assertThat(preview(CallTerms.ONCE).probe()).isFalse();
		eject("b", EjectionCause.CONSECUTIVE_FAILURES);
		eject("d", EjectionCause.UNREACHABLE);
		assertThat(preview(CallTerms.ONCE).panic()).isTrue();
		assertThat(preview(CallTerms.ONCE).candidates()).isEqualTo(3);
	}

	@Test
	void followsWhatTheDriverHasLearnedAboutTheRequest() throws Exception {
		up("a", "b");
		eject("a", EjectionCause.CONSECUTIVE_FAILURES);
		this.time.forward(Duration.ofSeconds(1));
		CallPlan streamed = plan(CallTerms.IDEMPOTENT);
		streamed.repetition().becomesImpossible();
		assertThat(streamed.preview().probe()).isFalse();
		CallPlan marked = plan(CallTerms.ONCE);
		marked.repetition().idempotent(true);
		assertThat(marked.preview().probe()).isTrue();
		assertThat(sent(marked.first()).instance().id()).isEqualTo("a");
	}

	@Test
	void hasNoEffect() throws Exception {
		up("a", "b", "c", "d");
		eject("a", EjectionCause.UNREACHABLE);
		List<String> called = new ArrayList<>();
		for (int call = 0; call < 6; call++) {
			for (int look = 0; look <= call; look++) {
				preview(CallTerms.ONCE);
				preview(new CallTerms(true, true, new Deadline(true, this.time.nanos())));
			}
			CallPlan plan = plan(CallTerms.ONCE);
			called.add(sent(plan.first()).instance().id());
			plan.after(Outcome.RESPONDED, 0, null);
			plan.release();
		}
		assertThat(called.subList(0, 3)).containsExactlyInAnyOrder("b", "c", "d").isEqualTo(called.subList(3, 6));
		this.time.forward(Duration.ofSeconds(1));
		assertThat(preview(CallTerms.IDEMPOTENT).probe()).isTrue();
		assertThat(sent(plan(CallTerms.IDEMPOTENT).first()).instance().id()).isEqualTo("a");
		for (CallRefusal refusal : CallRefusal.values()) {
			assertThat(this.planner.refused("orders", refusal)).isZero();
		}
	}

	private CallPreview preview(CallTerms terms) {
		return plan(terms).preview();
	}

	private CallPlan plan(CallTerms terms) {
		CallPlan plan = this.planner.service("orders").plan(terms);
		assertThat(plan).isNotNull();
		return plan;
	}

	private void eject(String id, EjectionCause cause) {
		for (Endpoint endpoint : this.pools.pool("orders").all()) {
			if (endpoint.instance().id().equals(id)) {
				endpoint.eject(cause, null, this.time.nanos(), this.time.nanos());
			}
		}
	}

	private void up(String... ids) {
		this.catalog.snapshot(new Cursor("3f", 1, 1), true,
				Map.of("orders",
						Arrays.stream(ids)
							.map((id) -> Instance.of("orders", id, "10.0.0." + (id.charAt(0) - 'a' + 1), 80))
							.toList()));
	}

}
