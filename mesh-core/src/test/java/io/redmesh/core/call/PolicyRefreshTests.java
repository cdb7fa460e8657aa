package io.redmesh.core.call;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import io.redmesh.core.endpoint.EjectionCause;
import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.endpoint.EndpointSubset;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.outlier.OutlierPolicy;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.core.traffic.DestinationKey;
import org.junit.jupiter.api.Test;

import static io.redmesh.core.call.Sent.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of policies that change while calls are made: what they change, and what stays.
 */
class PolicyRefreshTests {

	private static final CallPolicy USUAL = CallPolicy.DEFAULT.with(LoadBalancing.ROUND_ROBIN);

	private final ManualTime time = new ManualTime();

	private final Catalog catalog = new Catalog();

	private EjectionPolicy ejection = EjectionPolicy.DEFAULT;

	private final EndpointPools pools = new EndpointPools(this.catalog, this.time, (service) -> this.ejection);

	private CallPolicy policy = USUAL;

	private final CallPlanner planner = new CallPlanner(this.pools, (service) -> this.policy, this.time);

	@Test
	void aNewPolicyIsInForceAtOnceAndACallKeepsItsOwn() throws Exception {
		up("a", "b", "c");
		CallPlan before = plan();
		assertThat(sent(before.first()).timeout()).isEqualTo(Duration.ofSeconds(10).toNanos());
		refresh(retrying(USUAL.retries().withMaxAttempts(1), Duration.ofSeconds(2)));
		CallPlan after = plan();
		assertThat(sent(after.first()).timeout()).isEqualTo(Duration.ofSeconds(2).toNanos());
		assertThat(after.after(Outcome.CONNECT_FAILED, 0, null)).isNull();
		Attempt second = sent(before.after(Outcome.CONNECT_FAILED, 0, null));
		assertThat(second).isNotNull();
		assertThat(second.timeout()).isEqualTo(Duration.ofSeconds(10).toNanos());
		assertThat(before.policy()).isEqualTo(USUAL);
		before.release();
	}

	@Test
	void whatTheBudgetHasSpentStaysSpent() throws Exception {
		this.policy = budget(3);
		up("a", "b");
		for (int retry = 0; retry < 3; retry++) {
			assertThat(isRetried()).isTrue();
		}
		assertThat(isRetried()).isFalse();
		refresh(budget(2));
		assertThat(isRetried()).isFalse();
		refresh(budget(5));
		assertThat(this.planner.retriesLeft("orders")).isEqualTo(2);
		assertThat(isRetried()).isTrue();
	}

	private static CallPolicy budget(int minimum) {
		return retrying(new RetryPolicy(2, Duration.ZERO, Duration.ZERO, 0, minimum, HedgePolicy.NEVER), Duration.ZERO);
	}

	private boolean isRetried() throws Exception {
		CallPlan plan = plan();
		plan.first();
		boolean retried = plan.after(Outcome.UNAVAILABLE, 0, null) != null;
		plan.release();
		return retried;
	}

	@Test
	void callsInFlightCountForANewLimit() throws Exception {
		this.policy = limited(3, 0);
		up("a");
		CallPlan one = plan();
		one.first();
		CallPlan other = plan();
		other.first();
		refresh(limited(2, 1));
		assertThatExceptionOfType(TooManyCallsException.class).isThrownBy(() -> plan().first())
			.withMessageContaining("2 calls are in flight");
		CallPlan waiting = plan();
		CompletableFuture<?> granted = waiting.acquirePermit();
		assertThat(granted).isNotDone();
		refresh(limited(1, 1));
		one.release();
		assertThat(granted).as("the other call is in flight").isNotDone();
		refresh(limited(5, 0));
		assertThat(granted).isDone();
		assertThat(this.planner.refused("orders", CallRefusal.LIMIT)).isOne();
		waiting.release();
		other.release();
	}

	@Test
	void latenciesAreKeptForAnotherPercentile() throws Exception {
		this.policy = hedging(90);
		up("a");
		for (int i = 1; i <= 200; i++) {
			CallPlan plan = plan();
			plan.first();
			this.time.forward(Duration.ofMillis(i % 100));
			plan.after(Outcome.RESPONDED, 0, null);
			plan.release();
		}
		assertThat(Duration.ofNanos(plan().hedgeAfter()).toMillis()).isBetween(89L, 102L);
		refresh(hedging(50));
		assertThat(Duration.ofNanos(plan().hedgeAfter()).toMillis()).isBetween(49L, 57L);
		refresh(hedging(0));
		assertThat(plan().hedgeAfter()).isZero();
	}

	@Test
	void failuresBeforeCountForNewThresholds() throws Exception {
		up("a", "b");
		Endpoint a = this.pools.pool("orders").all().get(0);
		failAt(a, 3);
		assertThat(a.isEjected()).isFalse();
		refresh(new CallPolicy(LoadBalancing.ROUND_ROBIN, USUAL.retries(), new OutlierPolicy(4, 0, 10), Duration.ZERO,
				Duration.ZERO, 0, 0));
		failAt(a, 1);
		assertThat(a.isEjected()).isTrue();
	}

	private void failAt(Endpoint endpoint, int times) throws Exception {
		for (int failures = 0; failures < times;) {
			CallPlan plan = plan();
			boolean there = sent(plan.first()).endpoint() == endpoint;
			plan.after(there ? Outcome.FAILED : Outcome.RESPONDED, 0, null);
			plan.release();
			failures += there ? 1 : 0;
		}
	}

	@Test
	void turnsGoOnWhereAnotherPartOfThePolicyChanges() throws Exception {
		up("a", "b", "c");
		String first = next();
		refresh(retrying(USUAL.retries(), Duration.ofSeconds(1)));
		String second = next();
		refresh(retrying(USUAL.retries(), Duration.ofSeconds(2)));
		assertThat(List.of(first, second, next())).doesNotHaveDuplicates();
	}

	@Test
	void anotherAlgorithmOrSubsetIsInForceAtOnce() throws Exception {
		update(instance("a").withLabels(Map.of("version", "1")), instance("b").withLabels(Map.of("version", "2")));
		refresh(USUAL.with(new EndpointSubset("v2", Map.of("version", "2"))));
		assertThat(List.of(next(), next(), next())).containsOnly("b");
		refresh(USUAL.with(new EndpointSubset("v2", Map.of("version", "1"))));
		assertThat(List.of(next(), next(), next())).containsOnly("a");
		refresh(USUAL.with(LoadBalancing.CONSISTENT_HASH));
		assertThat(plan().policy().loadBalancing()).isEqualTo(LoadBalancing.CONSISTENT_HASH);
		assertThat(next()).isIn("a", "b");
	}

	@Test
	void aPolicyThatChangesDuringTheFirstCallIsNotMissed() throws Exception {
		Function<DestinationKey, CallPolicy> changing = (destination) -> {
			CallPolicy before = this.policy;
			this.policy = limited(7, 0);
			return before;
		};
		up("a");
		CallPlanner late = new CallPlanner(this.pools, changing, this.time);
		assertThat(late.service("orders").plan(CallTerms.ONCE).policy()).isEqualTo(limited(7, 0));
	}

	@Test
	void ejectionsFollowTheirNewPolicyAtOnce() {
		up("a", "b", "c", "d");
		List<Endpoint> all = this.pools.pool("orders").all();
		eject(all.get(0), all.get(1), all.get(2));
		assertThat(all).filteredOn(Endpoint::isEjected).hasSize(2);
		assertThat(this.pools.pool("orders").view().isPanicking()).isFalse();
		this.ejection = new EjectionPolicy(Duration.ofSeconds(3), Duration.ofSeconds(3), 1, 0.75, Duration.ZERO);
		this.pools.refreshPolicies();
		assertThat(this.pools.pool("orders").view().isPanicking()).isTrue();
		eject(all.get(2), all.get(3));
		assertThat(all).filteredOn(Endpoint::isEjected).containsExactly(all.get(0), all.get(1), all.get(2));
		assertThat(all.get(2).ejection().until() - this.time.nanos()).isEqualTo(Duration.ofSeconds(3).toNanos());
		assertThat(all.get(0).ejection().until() - this.time.nanos()).isEqualTo(Duration.ofSeconds(1).toNanos());
	}

	@Test
	void slowStartFollowsTheNewPolicyAtOnce() {
		up("a");
		assertThat(this.pools.pool("orders").all()).hasSize(1);
		up("a", "b");
		Endpoint b = this.pools.pool("orders").all().get(1);
		this.time.forward(Duration.ofSeconds(2));
		assertThat(b.warmth(this.time.nanos())).isEqualTo(0.4F);
		this.ejection = new EjectionPolicy(Duration.ofSeconds(1), Duration.ofSeconds(8), 0.5, 0.5,
				Duration.ofSeconds(10));
		this.pools.refreshPolicies();
		assertThat(b.warmth(this.time.nanos())).isEqualTo(0.2F);
		this.ejection = new EjectionPolicy(Duration.ofSeconds(1), Duration.ofSeconds(8), 0.5, 0.5, Duration.ZERO);
		this.pools.refreshPolicies();
		assertThat(b.warmth(this.time.nanos())).isOne();
	}

	@Test
	void anEjectionPolicyThatChangesDuringTheFirstCallIsNotMissed() {
		EjectionPolicy last = new EjectionPolicy(Duration.ofSeconds(1), Duration.ofSeconds(8), 1, 0, Duration.ZERO);
		Function<String, EjectionPolicy> changing = (service) -> {
			EjectionPolicy before = this.ejection;
			this.ejection = last;
			return before;
		};
		EndpointPools late = new EndpointPools(this.catalog, this.time, changing);
		up("a", "b", "c", "d");
		List<Endpoint> all = late.pool("orders").all();
		eject(all.toArray(Endpoint[]::new));
		assertThat(all).filteredOn(Endpoint::isEjected).hasSize(3);
	}

	private void eject(Endpoint... endpoints) {
		for (Endpoint endpoint : endpoints) {
			endpoint.eject(EjectionCause.CONSECUTIVE_FAILURES, null, this.time.nanos(), this.time.nanos());
		}
	}

	private static CallPolicy retrying(RetryPolicy retries, Duration attemptTimeout) {
		return new CallPolicy(LoadBalancing.ROUND_ROBIN, retries, USUAL.outliers(), Duration.ofSeconds(30),
				attemptTimeout, 0, 0);
	}

	private static CallPolicy limited(int calls, int pending) {
		return new CallPolicy(LoadBalancing.ROUND_ROBIN, USUAL.retries(), USUAL.outliers(), Duration.ZERO,
				Duration.ZERO, calls, pending);
	}

	private static CallPolicy hedging(int percentile) {
		return retrying(RetryPolicy.DEFAULT.with(new HedgePolicy(Duration.ZERO, percentile)), Duration.ofSeconds(10));
	}

	private void refresh(CallPolicy policy) {
		this.policy = policy;
		this.planner.refreshPolicies();
	}

	private String next() throws Exception {
		CallPlan plan = plan();
		String called = sent(plan.first()).instance().id();
		plan.after(Outcome.RESPONDED, 0, null);
		plan.release();
		return called;
	}

	private CallPlan plan() {
		return this.planner.service("orders").plan(CallTerms.IDEMPOTENT);
	}

	private void up(String... ids) {
		update(Arrays.stream(ids).map(PolicyRefreshTests::instance).toArray(Instance[]::new));
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
