package io.redmesh.core.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.redmesh.core.endpoint.EjectionCause;
import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.endpoint.EndpointSubset;
import io.redmesh.core.endpoint.Requirement;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.loadbalance.KeyHash;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.redmesh.core.call.Sent.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class CallPlanTests {

	private final ManualTime time = new ManualTime();

	private final Catalog catalog = new Catalog();

	private final EndpointPools pools = new EndpointPools(this.catalog, this.time, (service) -> EjectionPolicy.DEFAULT);

	private CallPolicy policy = CallPolicy.DEFAULT.with(LoadBalancing.ROUND_ROBIN);

	private final CallPlanner planner = new CallPlanner(this.pools, (service) -> this.policy, this.time);

	@Test
	void aHostThatIsNoServicePasses() {
		assertThat(this.planner.destination("example.com", null)).isNull();
	}

	@Test
	void theCaseOfTheHostDoesNotMatter() {
		up("a");
		assertThat(this.planner.destination("Orders", null)).isNotNull();
	}

	@Test
	void aServiceThatIsGoneCapturesNothing() {
		up("a");
		update();
		assertThat(this.planner.destination("orders", null)).isNull();
		assertThat(this.planner.service("orders")).isNotNull();
		update(instance("a").withStatus(Status.DOWN));
		assertThat(this.planner.destination("orders", null)).isNotNull();
	}

	@Test
	void theLatencyOfTheFirstResponseDoesNotCount() throws Exception {
		this.policy = CallPolicy.DEFAULT;
		up("a");
		respondAfter(Duration.ofSeconds(1));
		Endpoint a = respondAfter(Duration.ofMillis(20));
		assertThat(a.latency(this.time.nanos())).isEqualTo(Duration.ofMillis(20).toNanos());
		respondAfter(Duration.ofSeconds(1));
		assertThat(a.latency(this.time.nanos())).isEqualTo(Duration.ofSeconds(1).toNanos());
	}

	private Endpoint respondAfter(Duration elapsed) throws Exception {
		CallPlan plan = plan(true);
		Attempt attempt = sent(plan.first());
		this.time.forward(elapsed);
		plan.after(Outcome.RESPONDED, 0, null);
		plan.release();
		return attempt.endpoint();
	}

	@Test
	void aResponseEndsTheCall() throws Exception {
		up("a", "b");
		CallPlan plan = plan(true);
		Attempt attempt = sent(plan.first());
		assertThat(attempt.number()).isOne();
		assertThat(attempt.endpoint().inFlight()).isOne();
		assertThat(plan.after(Outcome.RESPONDED, 0, null)).isNull();
		assertThat(attempt.endpoint().inFlight()).isOne();
		plan.release();
		plan.release();
		assertThat(attempt.endpoint().inFlight()).isZero();
	}

	@ParameterizedTest
	@EnumSource(names = { "CONNECT_FAILED", "CERTIFICATE_FAILED", "MISDIRECTED" })
	void attemptsThatDidNothingAreRetriedElsewhereEvenIfNotIdempotent(Outcome outcome) throws Exception {
		up("a", "b", "c");
		CallPlan plan = plan(false);
		List<Endpoint> tried = new ArrayList<>();
		for (Attempt attempt = sent(plan.first()); attempt != null; attempt = sent(plan.after(outcome, 0, null))) {
			tried.add(attempt.endpoint());
			assertThat(attempt.number()).isEqualTo(tried.size());
		}
		plan.release();
		assertThat(tried).hasSize(3).doesNotHaveDuplicates();
		assertThat(tried).allSatisfy((endpoint) -> assertThat(endpoint.inFlight()).isZero());
	}

	@ParameterizedTest
	@EnumSource(names = { "UNAVAILABLE", "BROKEN", "TIMED_OUT" })
	void attemptsThatMayHaveDoneSomethingAreRetriedElsewhereOnlyIfIdempotent(Outcome outcome) throws Exception {
		up("a", "b");
		CallPlan idempotent = plan(true);
		Attempt first = sent(idempotent.first());
		Attempt second = sent(idempotent.after(outcome, 0, null));
		assertThat(second).isNotNull();
		assertThat(second.endpoint()).isNotSameAs(first.endpoint());
		assertThat(first.endpoint().inFlight()).isZero();
		assertThat(Duration.ofNanos(second.delay())).isBetween(Duration.ZERO, Duration.ofMillis(25));
		CallPlan other = plan(false);
		other.first();
		assertThat(other.after(outcome, 0, null)).isNull();
	}

	@ParameterizedTest
	@EnumSource(names = { "RESPONDED", "REJECTED", "FAILED", "EXPIRED", "RELAYED", "ABANDONED" })
	void outcomesThatAnotherInstanceWouldRepeatAreNotRetried(Outcome outcome) throws Exception {
		up("a", "b");
		CallPlan plan = plan(true);
		Attempt attempt = sent(plan.first());
		assertThat(plan.after(outcome, 0, null)).isNull();
		plan.release();
		assertThat(attempt.endpoint().inFlight()).isZero();
		assertThat(attempt.endpoint().isEjected()).isFalse();
	}

	@Test
	void callsOnBehalfOfARetryAreRetriedOnlyIfTheAttemptWasNoLoad() throws Exception {
		up("a", "b", "c");
		CallPlan plan = plan(new CallTerms(true, false, Deadline.NONE));
		plan.first();
		assertThat(plan.after(Outcome.CONNECT_FAILED, 0, null)).isNotNull();
		assertThat(plan.after(Outcome.UNAVAILABLE, 0, null)).isNull();
	}

	@Test
	void theBudgetEndsRetriesButNotThoseOfAttemptsThatWereNoLoad() throws Exception {
		up("a", "b");
		int retries = 0;
		for (int call = 0; call < 100; call++) {
			CallPlan plan = plan(true);
			plan.first();
			retries += (plan.after(Outcome.UNAVAILABLE, 0, null) != null) ? 1 : 0;
		}
		assertThat(retries).isEqualTo(23);
		assertThat(this.planner.retriesLeft("orders")).isLessThan(1);
		CallPlan plan = plan(true);
		plan.first();
		assertThat(plan.after(Outcome.CONNECT_FAILED, 0, null)).isNotNull();
		this.time.forward(Duration.ofSeconds(10));
		assertThat(this.planner.retriesLeft("orders")).isEqualTo(3);
	}

	@Test
	void allCallsThatBreakTogetherAreRetriedOnce() throws Exception {
		up("a", "b", "c");
		for (int call = 0; call < 50; call++) {
			CallPlan plan = plan(true);
			plan.first();
			assertThat(plan.after(Outcome.BROKEN, 0, null)).isNotNull();
		}
		int thirdAttempts = 0;
		for (int call = 0; call < 50; call++) {
			CallPlan plan = plan(true);
			plan.first();
			plan.after(Outcome.BROKEN, 0, null);
			thirdAttempts += (plan.after(Outcome.BROKEN, 0, null) != null) ? 1 : 0;
		}
		assertThat(thirdAttempts).isEqualTo(23);
	}

	@Test
	void noAttemptBeginsAfterTheDeadline() throws Exception {
		up("a", "b");
		CallPlan plan = plan(true);
		Attempt first = sent(plan.first());
		assertThat(first.timeout()).isEqualTo(Duration.ofSeconds(10).toNanos());
		this.time.forward(Duration.ofSeconds(25));
		Attempt second = sent(plan.after(Outcome.CONNECT_FAILED, 0, null));
		assertThat(second).isNotNull();
		assertThat(second.timeout()).isEqualTo(Duration.ofSeconds(5).toNanos());
		this.time.forward(Duration.ofSeconds(5));
		assertThat(plan.after(Outcome.CONNECT_FAILED, 0, null)).isNull();
	}

	@Test
	void aDeadlineFromOutsideCountsIfItIsSooner() throws Exception {
		this.policy = new CallPolicy(LoadBalancing.ROUND_ROBIN, RetryPolicy.DEFAULT, this.policy.outliers(),
				Duration.ofSeconds(30), Duration.ZERO, 0, 0);
		up("a");
		long now = this.time.nanos();
		assertThat(timeoutAt(now + 300)).isEqualTo(300);
		assertThat(timeoutAt(now + Duration.ofHours(1).toNanos())).isEqualTo(Duration.ofSeconds(30).toNanos());
		assertThat(timeoutAt(now + 1)).isOne();
	}

	private long timeoutAt(long deadline) throws Exception {
		return sent(plan(new CallTerms(true, true, new Deadline(true, deadline))).first()).timeout();
	}

	@Test
	void aCallAfterItsDeadlineIsNotBegun() throws Exception {
		up("a");
		CallTerms late = new CallTerms(true, true,
				new Deadline(true, this.time.nanos() - Duration.ofMillis(5).toNanos()));
		assertThatExceptionOfType(DeadlinePassedException.class).isThrownBy(() -> plan(late).first())
			.withMessage("A call of 'orders' would come too late: its deadline passed PT0.005S ago");
		Endpoint endpoint = sent(plan(true).first()).endpoint();
		assertThat(endpoint.inFlight()).isOne();
		assertThat(endpoint.attempts(this.time.nanos())).isZero();
		assertThat(this.planner.refused("orders", CallRefusal.DEADLINE)).isOne();
	}

	@Test
	void shedCallsAreRetriedElsewhereEvenIfNotIdempotentAndCostBudget() throws Exception {
		up("a", "b");
		int retries = 0;
		for (int call = 0; call < 100; call++) {
			CallPlan plan = plan(false);
			plan.first();
			Attempt next = sent(plan.after(Outcome.SHED, 0, Duration.ofSeconds(1)));
			retries += (next != null) ? 1 : 0;
			assertThat((next != null) ? Duration.ofNanos(next.delay()) : Duration.ZERO)
				.isLessThan(Duration.ofMillis(26));
		}
		assertThat(retries).isEqualTo(23);
		CallPlan further = plan(new CallTerms(false, false, Deadline.NONE));
		further.first();
		assertThat(further.after(Outcome.SHED, 0, null)).isNull();
	}

	@Test
	void eachRefusalCountsOnceAsAFailureOfItsEndpoint() throws Exception {
		up("a", "b");
		CallPlan plan = plan(false);
		Endpoint busy = sent(plan.first()).endpoint();
		plan.after(Outcome.SHED, 0, Duration.ofSeconds(1));
		plan.after(Outcome.RESPONDED, 0, null);
		assertThat(busy.failures(this.time.nanos())).isOne();
		assertThat(busy.attempts(this.time.nanos())).isOne();
	}

	@Test
	void callsThatMustNotRunTwiceAreRetriedElsewhereIfNothingWasDone() throws Exception {
		up("a", "b", "c");
		CallPlan plan = plan(true);
		plan.first();
		plan.repetition().becomesHarmful();
		assertThat(plan.after(Outcome.CONNECT_FAILED, 0, null)).isNotNull();
		assertThat(plan.after(Outcome.TIMED_OUT, 0, null)).isNull();
	}

	@Test
	void retryAfterDelaysOnlyARetryAtTheSameInstance() throws Exception {
		up("a");
		CallPlan plan = plan(true);
		plan.first();
		Attempt again = sent(plan.after(Outcome.UNAVAILABLE, 0, Duration.ofSeconds(2)));
		assertThat(again).isNotNull();
		assertThat(again.delay()).isEqualTo(Duration.ofSeconds(2).toNanos());
		assertThat(plan.after(Outcome.UNAVAILABLE, 0, Duration.ofSeconds(60))).isNull();
		up("a", "b");
		CallPlan elsewhere = plan(true);
		elsewhere.first();
		Attempt other = sent(elsewhere.after(Outcome.UNAVAILABLE, 0, Duration.ofSeconds(60)));
		assertThat(other).isNotNull();
		assertThat(other.delay()).isLessThan(Duration.ofMillis(26).toNanos());
	}

	@Test
	void noMoreCallsThanPermittedAreInFlight() throws Exception {
		this.policy = new CallPolicy(LoadBalancing.ROUND_ROBIN, RetryPolicy.DEFAULT, this.policy.outliers(),
				Duration.ZERO, Duration.ZERO, 2, 0);
		up("a", "b");
		CallPlan answered = plan(true);
		answered.first();
		CallPlan failed = plan(true);
		failed.first();
		assertThatExceptionOfType(TooManyCallsException.class).isThrownBy(() -> plan(true).first())
			.withMessage("No more calls of 'orders': 2 calls are in flight, as many as are permitted");
		answered.after(Outcome.RESPONDED, 0, null);
		assertThatExceptionOfType(TooManyCallsException.class).isThrownBy(() -> plan(true).first());
		answered.release();
		answered.release();
		failed.after(Outcome.CONNECT_FAILED, 0, null);
		CallPlan third = plan(true);
		third.first();
		assertThatExceptionOfType(TooManyCallsException.class).isThrownBy(() -> plan(true).first());
		failed.after(Outcome.CONNECT_FAILED, 0, null);
		third.after(Outcome.ABANDONED, 0, null);
		update();
		for (int call = 0; call < 5; call++) {
			assertThatExceptionOfType(NoEndpointException.class).isThrownBy(() -> plan(true).first())
				.withMessageContaining("No instance");
		}
	}

	@Test
	void furtherCallsWaitForAPermitInOrder() throws Exception {
		limited(1, 2);
		up("a", "b");
		CallPlan first = plan(true);
		assertThat(first.acquirePermit()).isNull();
		first.first();
		CallPlan second = plan(true);
		CompletableFuture<?> granted = queue(second);
		CallPlan third = plan(true);
		CompletableFuture<?> last = queue(third);
		assertThat(second.timeLeft()).isEqualTo(Duration.ofSeconds(30).toNanos());
		assertThatExceptionOfType(TooManyCallsException.class).isThrownBy(() -> plan(true).acquirePermit())
			.withMessageEndingWith("1 calls are in flight, as many as are permitted, and 2 wait");
		assertThatExceptionOfType(TooManyCallsException.class).isThrownBy(() -> plan(true).first());
		first.after(Outcome.CONNECT_FAILED, 0, null);
		first.after(Outcome.CONNECT_FAILED, 0, null);
		assertThat(granted).isDone();
		assertThat(last).isNotDone();
		second.first();
		second.after(Outcome.RESPONDED, 0, null);
		assertThat(last).isNotDone();
		second.release();
		second.release();
		assertThat(last).isDone();
		assertThatExceptionOfType(TooManyCallsException.class).isThrownBy(() -> plan(true).first());
		third.first();
		third.after(Outcome.ABANDONED, 0, null);
		assertThat(plan(true).acquirePermit()).isNull();
	}

	@Test
	void aCallThatTimesOutInTheQueueLeavesItsPlaceToOtherCalls() throws Exception {
		limited(1, 2);
		up("a");
		CallPlan first = plan(true);
		first.first();
		CallPlan late = plan(true);
		CompletableFuture<?> missed = queue(late);
		CallPlan next = plan(true);
		CompletableFuture<?> granted = queue(next);
		assertThat(late.permitTimedOut()).isInstanceOf(TooManyCallsException.class)
			.hasMessageEndingWith("timed out waiting for a permit");
		assertThat(this.planner.refused("orders", CallRefusal.LIMIT)).isOne();
		assertThat(this.planner.pending("orders")).isOne();
		first.after(Outcome.ABANDONED, 0, null);
		assertThat(missed).isNotDone();
		assertThat(granted).isDone();
		// It may time out at the very moment at which it gets the permit.
		next.release();
		late.release();
		assertThat(plan(true).acquirePermit()).isNull();
		assertThat(queue(plan(true))).isNotDone();
	}

	@Test
	void aQueuedCallThatFindsNoInstanceReleasesItsPermit() throws Exception {
		limited(1, 1);
		up("a");
		CallPlan first = plan(true);
		first.first();
		CallPlan second = plan(true);
		queue(second);
		first.after(Outcome.ABANDONED, 0, null);
		update();
		assertThatExceptionOfType(NoEndpointException.class).isThrownBy(second::first)
			.withMessageContaining("No instance");
		assertThat(plan(true).acquirePermit()).isNull();
	}

	private void limited(int calls, int pending) {
		this.policy = new CallPolicy(LoadBalancing.ROUND_ROBIN, RetryPolicy.DEFAULT, this.policy.outliers(),
				Duration.ofSeconds(30), Duration.ZERO, calls, pending);
	}

	private static CompletableFuture<?> queue(CallPlan plan) throws Exception {
		CompletableFuture<?> granted = plan.acquirePermit();
		assertThat(granted).isNotNull();
		return granted;
	}

	@Test
	void aCallIsHedgedAfterThePercentileOfTheLatency() throws Exception {
		this.policy = new CallPolicy(LoadBalancing.ROUND_ROBIN,
				RetryPolicy.DEFAULT.with(new HedgePolicy(Duration.ofMillis(1), 90)), this.policy.outliers(),
				Duration.ZERO, Duration.ZERO, 0, 0);
		up("a", "b");
		for (int i = 0; i < 200; i++) {
			if (i < 100) {
				// The percentile has too few values yet.
				assertThat(plan(true).hedgeAfter()).isEqualTo(Duration.ofMillis(1).toNanos());
			}
			endCallAfter((i % 20 == 0) ? Duration.ofMillis(500) : Duration.ofMillis(9), Outcome.RESPONDED);
		}
		assertThat(plan(true).hedgeAfter()).isBetween(Duration.ofMillis(9).toNanos(), Duration.ofMillis(11).toNanos());
		// An attempt that was abandoned for a faster one still counts as slow. One that
		// failed fast does not count.
		for (int i = 0; i < 200; i++) {
			endCallAfter(Duration.ofMillis(20), Outcome.ABANDONED);
			endCallAfter(Duration.ofMillis(1), Outcome.ABANDONED);
			endCallAfter(Duration.ofMillis(1), Outcome.FAILED);
		}
		assertThat(plan(true).hedgeAfter()).isBetween(Duration.ofMillis(20).toNanos(), Duration.ofMillis(23).toNanos());
	}

	private void endCallAfter(Duration elapsed, Outcome outcome) throws Exception {
		CallPlan plan = plan(false);
		plan.first();
		this.time.forward(elapsed);
		plan.after(outcome, 0, null);
		plan.release();
	}

	@Test
	void aHedgeIsOneAttemptElsewhereWithinTheBudget() throws Exception {
		up("a", "b");
		int hedges = 0;
		for (int call = 0; call < 20; call++) {
			CallPlan slow = plan(true);
			Endpoint endpoint = sent(slow.first()).endpoint();
			CallPlan hedge = slow.hedge();
			if (hedge != null) {
				hedges++;
				Attempt beside = sent(hedge.first());
				assertThat(beside.number()).isEqualTo(2);
				assertThat(beside.endpoint()).isNotSameAs(endpoint);
				assertThat(hedge.hedge()).isNull();
				assertThat(hedge.after(Outcome.CONNECT_FAILED, 0, null)).isNull();
				assertThat(beside.endpoint().inFlight()).isZero();
			}
			slow.after(Outcome.RESPONDED, 0, null);
			slow.release();
			assertThat(endpoint.inFlight()).isZero();
		}
		// The minimum of the budget, and a fifth of the calls.
		assertThat(hedges).isBetween(3, 8);
	}

	@Test
	void callsThatMustNotRunTwiceAreNotHedged() throws Exception {
		up("a", "b");
		List<CallPlan> plans = List.of(plan(false), plan(new CallTerms(true, false, Deadline.NONE)), plan(true),
				plan(true));
		for (CallPlan plan : plans) {
			plan.first();
		}
		plans.get(2).repetition().becomesImpossible();
		plans.get(3).repetition().becomesHarmful();
		assertThat(plans).extracting(CallPlan::hedge).containsOnlyNulls();
		CallPlan tried = plan(true);
		tried.first();
		tried.after(Outcome.UNAVAILABLE, 0, null);
		assertThat(tried.hedge()).isNull();
		up("a");
		CallPlan nowhereElse = plan(true);
		nowhereElse.first();
		assertThat(nowhereElse.hedge()).isNull();
	}

	@Test
	void oneCallProbesAnEjectedInstanceAndOtherCallsAvoidIt() throws Exception {
		up("a", "b", "c");
		Endpoint failing = this.pools.pool("orders").all().get(0);
		for (int failure = 0; failure < 5; failure++) {
			call(Outcome.FAILED, failing);
		}
		assertThat(failing.isEjected()).isTrue();
		this.time.forward(Duration.ofSeconds(1));
		CallPlan once = plan(false);
		assertThat(sent(once.first()).endpoint()).isNotSameAs(failing);
		CallPlan probe = plan(true);
		assertThat(sent(probe.first()).endpoint()).isSameAs(failing);
		for (int call = 0; call < 10; call++) {
			assertThat(sent(plan(true).first()).endpoint()).isNotSameAs(failing);
		}
		probe.after(Outcome.RESPONDED, 0, null);
		assertThat(failing.isEjected()).isFalse();
	}

	private void call(Outcome outcome, Endpoint at) throws Exception {
		CallPlan plan = plan(true);
		while (sent(plan.first()).endpoint() != at) {
			plan.after(Outcome.RESPONDED, 0, null);
			plan.release();
			plan = plan(true);
		}
		plan.after(outcome, 0, null);
		plan.release();
	}

	@Test
	void aRequestThatCannotBeSentAgainIsNotRetried() throws Exception {
		up("a", "b");
		CallPlan plan = plan(true);
		plan.first();
		plan.repetition().becomesImpossible();
		assertThat(plan.after(Outcome.CONNECT_FAILED, 0, null)).isNull();
	}

	@Test
	void aPreviewUsesUpNoProbe() throws Exception {
		up("a", "b");
		CallPlan plan = plan(true);
		Endpoint dead = sent(plan.first()).endpoint();
		plan.after(Outcome.CONNECT_FAILED, 0, null);
		this.time.forward(Duration.ofSeconds(1));
		for (int call = 0; call < 4; call++) {
			assertThat(plan(true).preview().instance()).isNotNull();
		}
		assertThat(sent(plan(true).first()).endpoint()).isSameAs(dead);
	}

	@Test
	void neverMoreAttemptsThanPermitted() throws Exception {
		up("a", "b", "c", "d", "e");
		CallPlan plan = plan(true);
		int attempts = 0;
		for (Attempt attempt = sent(plan.first()); attempt != null; attempt = sent(
				plan.after(Outcome.CONNECT_FAILED, 0, null))) {
			attempts++;
		}
		assertThat(attempts).isEqualTo(3);
	}

	@Test
	void aRefusedConnectionKeepsLaterCallsAway() throws Exception {
		up("a", "b");
		CallPlan plan = plan(true);
		Endpoint dead = sent(plan.first()).endpoint();
		plan.after(Outcome.CONNECT_FAILED, 0, null);
		plan.after(Outcome.RESPONDED, 0, null);
		for (int call = 0; call < 10; call++) {
			CallPlan later = plan(true);
			assertThat(sent(later.first()).endpoint()).isNotSameAs(dead);
			later.after(Outcome.RESPONDED, 0, null);
		}
		this.time.forward(Duration.ofSeconds(1));
		CallPlan again = plan(true);
		CallPlan andAgain = plan(true);
		assertThat(List.of(sent(again.first()).endpoint(), sent(andAgain.first()).endpoint())).contains(dead);
	}

	@Test
	void theOnlyInstanceIsRetriedWhenItsConnectionBreaks() throws Exception {
		up("a");
		CallPlan plan = plan(true);
		Endpoint only = sent(plan.first()).endpoint();
		Attempt again = sent(plan.after(Outcome.BROKEN, 0, null));
		assertThat(again).isNotNull();
		assertThat(again.endpoint()).isSameAs(only);
		assertThat(plan.after(Outcome.CONNECT_FAILED, 0, null)).isNull();
	}

	@Test
	void anEjectedInstanceIsBetterThanGivingUp() throws Exception {
		up("a", "b");
		this.pools.pool("orders")
			.all()
			.get(0)
			.eject(EjectionCause.UNREACHABLE, null, this.time.nanos(), this.time.nanos());
		CallPlan plan = plan(true);
		Attempt first = sent(plan.first());
		assertThat(first.instance().id()).isEqualTo("b");
		Attempt second = sent(plan.after(Outcome.BROKEN, 0, null));
		assertThat(second).isNotNull();
		assertThat(second.instance().id()).isEqualTo("a");
	}

	@Test
	void thePreferredInstanceIsCalledFirstAndRetriesGoElsewhere() throws Exception {
		up("a", "b", "c");
		for (int i = 0; i < 4; i++) {
			CallPlan plan = plan(CallTerms.IDEMPOTENT.preferring(KeyHash.of("b")));
			assertThat(sent(plan.first()).instance().id()).isEqualTo("b");
			Attempt second = sent(plan.after(Outcome.BROKEN, 0, null));
			assertThat(second).isNotNull();
			assertThat(second.instance().id()).isNotEqualTo("b");
			plan.after(Outcome.RESPONDED, 0, null);
		}
	}

	@Test
	void callsWhosePreferredInstanceIsNoCandidateAreBalanced() throws Exception {
		up("a", "b", "c");
		this.pools.pool("orders")
			.all()
			.get(1)
			.eject(EjectionCause.UNREACHABLE, null, this.time.nanos(), this.time.nanos());
		List<String> called = new ArrayList<>();
		for (String preferred : List.of("b", "b", "z", "z")) {
			CallPlan plan = plan(CallTerms.IDEMPOTENT.preferring(KeyHash.of(preferred)));
			called.add(sent(plan.first()).instance().id());
		}
		assertThat(called).containsExactlyInAnyOrder("a", "a", "c", "c");
	}

	@Test
	void aCallThatPrefersAnInstanceProbesNoOther() throws Exception {
		up("a", "b");
		this.pools.pool("orders")
			.all()
			.get(1)
			.eject(EjectionCause.UNREACHABLE, null, this.time.nanos(), this.time.nanos());
		this.time.forward(Duration.ofSeconds(2));
		CallPlan plan = plan(CallTerms.IDEMPOTENT.preferring(KeyHash.of("a")));
		assertThat(sent(plan.first()).instance().id()).isEqualTo("a");
		assertThat(sent(plan(true).first()).instance().id()).isEqualTo("b");
	}

	@Test
	void saysWhatIsKnownWhenNoInstanceCanBeCalled() {
		update(instance("a").withStatus(Status.DOWN), instance("b").withStatus(Status.OUT_OF_SERVICE));
		assertThatExceptionOfType(NoEndpointException.class).isThrownBy(() -> plan(true).first())
			.withMessage("No instance of 'orders' can be called (known: {DOWN=1, OUT_OF_SERVICE=1})");
		update();
		assertThatExceptionOfType(NoEndpointException.class).isThrownBy(() -> plan(true).first())
			.withMessage("No instance of 'orders' can be called (known: none)");
	}

	@Test
	void allAttemptsHedgesAndProbesOfASubsetStayInIt() throws Exception {
		this.policy = this.policy.with(new EndpointSubset("v2", Map.of("version", "2")));
		update(version("a", "1"), version("b", "2"), version("c", "1"), version("d", "2"), version("e", "1"));
		Set<String> called = new HashSet<>();
		for (int call = 0; call < 40; call++) {
			CallPlan plan = plan(CallTerms.IDEMPOTENT.preferring(KeyHash.of("a")).withHashKey("key-" + call));
			called.addAll(Sent.breaking(plan));
			this.time.forward(Duration.ofSeconds(1));
		}
		assertThat(called).containsExactlyInAnyOrder("b", "d");
	}

	@Test
	void saysWhichSubsetHasNoInstanceToCall() {
		this.policy = this.policy.with(new EndpointSubset("v3", Map.of("version", "3")));
		up("a", "b");
		assertThatExceptionOfType(NoEndpointException.class).isThrownBy(() -> plan(true).first())
			.withMessage("No instance of 'orders' is in subset 'v3' {version=3} (known: 2)");
		CallTerms secure = CallTerms.ONCE.requiring(Requirement.SECURE);
		assertThatExceptionOfType(NoEndpointException.class).isThrownBy(() -> plan(secure).first())
			.withMessage("No instance of 'orders' is in subset 'v3' {version=3} (known: 2)");
		update(version("a", "3"), version("b", "1"));
		assertThatExceptionOfType(NoEndpointException.class).isThrownBy(() -> plan(secure).first())
			.withMessage("No instance of 'orders' serves https and is in subset 'v3' {version=3} (known: 2; an https "
					+ "call is never sent over plain http)");
		update(version("a", "3").withStatus(Status.DOWN), version("b", "1"));
		assertThatExceptionOfType(NoEndpointException.class).isThrownBy(() -> plan(true).first())
			.withMessage("No instance of 'orders' that is in subset 'v3' {version=3} can be called (known: {DOWN=1})");
	}

	private static Instance version(String id, String version) {
		return instance(id).withLabels(Map.of("version", version));
	}

	@Test
	void anOutcomeIsReportedOnce() throws Exception {
		up("a");
		CallPlan plan = plan(true);
		assertThatIllegalStateException().isThrownBy(() -> plan.after(Outcome.RESPONDED, 0, null));
		plan.first();
		plan.after(Outcome.RESPONDED, 0, null);
		assertThatIllegalStateException().isThrownBy(() -> plan.after(Outcome.RESPONDED, 0, null));
	}

	@Test
	void anAttemptKeepsTheAddressItWasPickedFor() throws Exception {
		up("a");
		Attempt attempt = sent(plan(true).first());
		update(instance("a").withWeight(1));
		assertThat(attempt.instance().weight()).isEqualTo(Instance.DEFAULT_WEIGHT);
		assertThat(attempt.endpoint().instance().weight()).isOne();
	}

	private CallPlan plan(boolean idempotent) {
		return plan(idempotent ? CallTerms.IDEMPOTENT : CallTerms.ONCE);
	}

	private CallPlan plan(CallTerms terms) {
		return this.planner.service("orders").plan(terms);
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
