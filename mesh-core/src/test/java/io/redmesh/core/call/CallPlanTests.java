package io.redmesh.core.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class CallPlanTests {

	private final ManualTime time = new ManualTime();

	private final Catalog catalog = new Catalog();

	private final EndpointPools pools = new EndpointPools(this.catalog, this.time);

	private final CallPlanner planner = new CallPlanner(this.pools, LoadBalancing.ROUND_ROBIN, new RetryPolicy(3),
			this.time);

	@Test
	void aHostThatIsNoServicePasses() {
		assertThat(this.planner.plan("example.com", true)).isNull();
	}

	@Test
	void theCaseOfTheHostDoesNotMatter() {
		up("a");
		assertThat(this.planner.plan("Orders", true)).isNotNull();
	}

	@Test
	void anAnswerEndsTheCall() throws Exception {
		up("a", "b");
		CallPlan plan = plan(true);
		Attempt attempt = plan.first();
		assertThat(attempt.number()).isOne();
		assertThat(attempt.endpoint().inFlight()).isOne();
		assertThat(plan.after(Outcome.RESPONDED)).isNull();
		assertThat(attempt.endpoint().inFlight()).isZero();
		assertThat(plan.tried()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "CONNECT_FAILED", "MISDIRECTED" })
	void whatDidNothingIsTriedElsewhereEvenIfNotIdempotent(Outcome outcome) throws Exception {
		up("a", "b", "c");
		CallPlan plan = plan(false);
		List<Endpoint> tried = new ArrayList<>();
		for (Attempt attempt = plan.first(); attempt != null; attempt = plan.after(outcome)) {
			tried.add(attempt.endpoint());
			assertThat(attempt.number()).isEqualTo(tried.size());
		}
		assertThat(tried).hasSize(3).doesNotHaveDuplicates();
		assertThat(tried).allSatisfy((endpoint) -> assertThat(endpoint.inFlight()).isZero());
	}

	@Test
	void aBrokenCallIsTriedElsewhereOnlyIfIdempotent() throws Exception {
		up("a", "b");
		CallPlan idempotent = plan(true);
		Attempt first = idempotent.first();
		Attempt second = idempotent.after(Outcome.BROKEN);
		assertThat(second).isNotNull();
		assertThat(second.endpoint()).isNotSameAs(first.endpoint());
		CallPlan other = plan(false);
		other.first();
		assertThat(other.after(Outcome.BROKEN)).isNull();
	}

	@ParameterizedTest
	@EnumSource(names = { "TIMED_OUT", "ABANDONED" })
	void whatTheCallerEndedIsNotTriedAgain(Outcome outcome) throws Exception {
		up("a", "b");
		CallPlan plan = plan(true);
		Attempt attempt = plan.first();
		assertThat(plan.after(outcome)).isNull();
		assertThat(attempt.endpoint().inFlight()).isZero();
		assertThat(attempt.endpoint().isAvoided(this.time.nanos())).isFalse();
	}

	@Test
	void aRequestThatCannotBeSentAgainIsNotTriedAgain() throws Exception {
		up("a", "b");
		CallPlan plan = plan(true);
		plan.first();
		plan.cannotBeRepeated();
		assertThat(plan.after(Outcome.CONNECT_FAILED)).isNull();
	}

	@Test
	void whoCallsAloneUsesUpNoProbe() throws Exception {
		up("a", "b");
		CallPlan plan = plan(true);
		Endpoint dead = plan.first().endpoint();
		plan.after(Outcome.CONNECT_FAILED);
		this.time.forward(Duration.ofSeconds(1));
		for (int call = 0; call < 4; call++) {
			assertThat(plan(true).only()).isNotNull();
		}
		assertThat(dead.isAvoided(this.time.nanos())).isFalse();
		assertThat(dead.inFlight()).isZero();
	}

	@Test
	void neverMoreAttemptsThanPermitted() throws Exception {
		up("a", "b", "c", "d", "e");
		CallPlan plan = plan(true);
		int attempts = 0;
		for (Attempt attempt = plan.first(); attempt != null; attempt = plan.after(Outcome.CONNECT_FAILED)) {
			attempts++;
		}
		assertThat(attempts).isEqualTo(3);
	}

	@Test
	void aRefusedConnectionKeepsLaterCallsAway() throws Exception {
		up("a", "b");
		CallPlan plan = plan(true);
		Endpoint dead = plan.first().endpoint();
		plan.after(Outcome.CONNECT_FAILED);
		plan.after(Outcome.RESPONDED);
		for (int call = 0; call < 10; call++) {
			CallPlan later = plan(true);
			assertThat(later.first().endpoint()).isNotSameAs(dead);
			later.after(Outcome.RESPONDED);
		}
		this.time.forward(Duration.ofSeconds(1));
		CallPlan again = plan(true);
		CallPlan andAgain = plan(true);
		assertThat(List.of(again.first().endpoint(), andAgain.first().endpoint())).contains(dead);
	}

	@Test
	void theOnlyInstanceIsTriedAgainWhenItsConnectionBreaks() throws Exception {
		up("a");
		CallPlan plan = plan(true);
		Endpoint only = plan.first().endpoint();
		Attempt again = plan.after(Outcome.BROKEN);
		assertThat(again).isNotNull();
		assertThat(again.endpoint()).isSameAs(only);
		assertThat(plan.after(Outcome.CONNECT_FAILED)).isNull();
	}

	@Test
	void anAvoidedInstanceIsBetterThanGivingUp() throws Exception {
		up("a", "b");
		this.pools.pool("orders").all().get(0).unreachable(this.time.nanos());
		CallPlan plan = plan(true);
		Attempt first = plan.first();
		assertThat(first.instance().id()).isEqualTo("b");
		Attempt second = plan.after(Outcome.BROKEN);
		assertThat(second).isNotNull();
		assertThat(second.instance().id()).isEqualTo("a");
	}

	@Test
	void saysWhatIsKnownWhenThereIsNobodyToCall() {
		update(instance("a").withStatus(Status.DOWN), instance("b").withStatus(Status.OUT_OF_SERVICE));
		assertThatExceptionOfType(NoEndpointException.class).isThrownBy(() -> plan(true).first())
			.withMessage("No instance of 'orders' can be called (known: {DOWN=1, OUT_OF_SERVICE=1})");
		update();
		assertThatExceptionOfType(NoEndpointException.class).isThrownBy(() -> plan(true).first())
			.withMessage("No instance of 'orders' can be called (known: none)");
	}

	@Test
	void anOutcomeIsReportedOnce() throws Exception {
		up("a");
		CallPlan plan = plan(true);
		assertThatIllegalStateException().isThrownBy(() -> plan.after(Outcome.RESPONDED));
		plan.first();
		plan.after(Outcome.RESPONDED);
		assertThatIllegalStateException().isThrownBy(() -> plan.after(Outcome.RESPONDED));
	}

	@Test
	void anAttemptKeepsTheAddressItWasPickedFor() throws Exception {
		up("a");
		Attempt attempt = plan(true).first();
		update(instance("a").withWeight(1));
		assertThat(attempt.instance().weight()).isEqualTo(Instance.DEFAULT_WEIGHT);
		assertThat(attempt.endpoint().instance().weight()).isOne();
	}

	private CallPlan plan(boolean idempotent) {
		CallPlan plan = this.planner.plan("orders", idempotent);
		assertThat(plan).isNotNull();
		return plan;
	}

	private void up(String... ids) {
		update(java.util.Arrays.stream(ids).map(CallPlanTests::instance).toArray(Instance[]::new));
	}

	private static Instance instance(String id) {
		return Instance.of("orders", id, "10.0.0." + (id.charAt(0) - 'a' + 1), 80);
	}

	private void update(Instance... instances) {
		Cursor cursor = this.catalog.cursor();
		this.catalog.snapshot((cursor == null) ? new Cursor("3f", 1, 1) : cursor.at(cursor.revision() + 1), true,
				Map.of("orders", List.of(instances)));
	}

}
