package io.redmesh.core.call;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.outlier.OutlierPolicy;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.redmesh.core.call.Sent.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Tests of the table of retries in docs/concepts/retries-and-hedging.md, row by row. */
class RetryTableTests {

	private static final int MINIMUM = 5;

	// So long that a random wait is not zero by chance.
	private static final Duration LONG = Duration.ofDays(1);

	private final ManualTime time = new ManualTime();

	private final Catalog catalog = new Catalog();

	private final EndpointPools pools = new EndpointPools(this.catalog, this.time, (service) -> EjectionPolicy.DEFAULT);

	private RetryPolicy retries = new RetryPolicy(3, LONG, LONG, 0, MINIMUM, HedgePolicy.NEVER);

	private final CallPlanner planner = new CallPlanner(this.pools,
			(service) -> new CallPolicy(LoadBalancing.ROUND_ROBIN, this.retries, OutlierPolicy.DEFAULT, Duration.ZERO,
					Duration.ZERO, 0, 0),
			this.time);

	@ParameterizedTest
	@EnumSource
	void aFirstAttemptIsRetriedAsTheTableSays(Outcome outcome) throws Exception {
		Row row = row(outcome);
		up(3);
		for (boolean idempotent : new boolean[] { true, false }) {
			for (boolean retried : new boolean[] { true, false }) {
				boolean expected = (idempotent ? row.ifIdempotent : row.ifNot) && (retried || row.noLoad());
				double before = this.budget();
				CallPlan plan = plan(new CallTerms(idempotent, retried, Deadline.NONE));
				Endpoint first = sent(plan.first()).endpoint();
				Attempt next = sent(plan.after(outcome, 0, null));
				assertThat(next != null).as("%s, idempotent: %s, retries: %s", outcome, idempotent, retried)
					.isEqualTo(expected);
				assertThat(before - budget()).isCloseTo((expected && row.firstCosts) ? 1 : 0, within(1e-9));
				if (next != null) {
					assertThat(next.endpoint()).isNotSameAs(first);
					assertThat(next.number()).isEqualTo(2);
					assertThat(next.delay() > 0).isEqualTo(row.waits);
				}
				plan.release();
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void aFurtherAttemptIsRetriedAsTheTableSays(Outcome outcome) throws Exception {
		Row row = row(outcome);
		up(4);
		for (boolean idempotent : new boolean[] { true, false }) {
			CallPlan plan = plan(new CallTerms(idempotent, true, Deadline.NONE));
			plan.first();
			assertThat(plan.after(Outcome.CONNECT_FAILED, 0, null)).isNotNull();
			double before = budget();
			boolean expected = idempotent ? row.ifIdempotent : row.ifNot;
			assertThat(plan.after(outcome, 0, null) != null).isEqualTo(expected);
			assertThat(before - budget()).isCloseTo((expected && row.furtherCosts) ? 1 : 0, within(1e-9));
			plan.release();
		}
	}

	@ParameterizedTest
	@EnumSource
	void withoutBudgetOnlyTheRowsThatCostNoneAreRetried(Outcome outcome) throws Exception {
		Row row = row(outcome);
		this.retries = new RetryPolicy(3, LONG, LONG, 0, 0, HedgePolicy.NEVER);
		up(4);
		CallPlan first = plan(CallTerms.IDEMPOTENT);
		first.first();
		assertThat(first.after(outcome, 0, null) != null).isEqualTo(row.ifIdempotent && !row.firstCosts);
		CallPlan further = plan(CallTerms.IDEMPOTENT);
		further.first();
		further.after(Outcome.CONNECT_FAILED, 0, null);
		assertThat(further.after(outcome, 0, null) != null).isEqualTo(row.ifIdempotent && !row.furtherCosts);
	}

	@ParameterizedTest
	@EnumSource
	void theOnlyInstanceIsTriedAgainOnlyWhereItMayServeTheNextTime(Outcome outcome) throws Exception {
		up(1);
		CallPlan plan = plan(CallTerms.IDEMPOTENT);
		Endpoint only = sent(plan.first()).endpoint();
		Attempt next = sent(plan.after(outcome, 0, null));
		assertThat(next != null).isEqualTo(outcome == Outcome.BROKEN);
		if (outcome == Outcome.UNAVAILABLE || outcome == Outcome.SHED) {
			CallPlan told = plan(CallTerms.IDEMPOTENT);
			told.first();
			Attempt again = sent(told.after(outcome, 0, LONG.plusDays(1)));
			assertThat(again).isNotNull();
			assertThat(again.endpoint()).isSameAs(only);
			// Retry-After is longer than any backoff of this policy.
			assertThat(again.delay()).isEqualTo(LONG.plusDays(1).toNanos());
		}
	}

	@ParameterizedTest
	@EnumSource
	void theDriverOfACallCorrectsWhatTheTermsSay(Outcome outcome) throws Exception {
		Row row = row(outcome);
		up(3);
		assertThat(isRetried(true, outcome, Repetition::becomesHarmful)).isEqualTo(row.ifNot);
		assertThat(isRetried(true, outcome, Repetition::becomesImpossible)).isFalse();
		assertThat(isRetried(false, outcome, (repetition) -> repetition.idempotent(true))).isEqualTo(row.ifIdempotent);
		assertThat(isRetried(true, outcome, (repetition) -> repetition.idempotent(false))).isEqualTo(row.ifNot);
		assertThat(isRetried(false, outcome, (repetition) -> {
			repetition.becomesHarmful();
			repetition.idempotent(true);
		})).as("harmful whatever the terms say").isEqualTo(row.ifNot);
	}

	private boolean isRetried(boolean idempotent, Outcome outcome, Consumer<Repetition> correction) throws Exception {
		CallPlan plan = plan(new CallTerms(idempotent, true, Deadline.NONE));
		plan.first();
		correction.accept(plan.repetition());
		boolean retried = plan.after(outcome, 0, null) != null;
		plan.release();
		return retried;
	}

	@Test
	void attemptsEndAtTheirLimitOrWhenAllInstancesWereTried() throws Exception {
		for (int max = 1; max <= RetryPolicy.MAX_ATTEMPTS; max++) {
			assertThat(attempts(max, 12)).isEqualTo(max);
			assertThat(attempts(max, 4)).isEqualTo(Math.min(max, 4));
		}
	}

	private int attempts(int max, int instances) throws Exception {
		RetryPolicy limited = this.retries.withMaxAttempts(max);
		CallPlanner other = new CallPlanner(this.pools,
				(service) -> new CallPolicy(LoadBalancing.RANDOM, limited, OutlierPolicy.DEFAULT, LONG, LONG, 0, 0),
				this.time);
		up(instances);
		CallPlan plan = other.service("orders").plan(CallTerms.ONCE);
		int attempts = 0;
		for (Attempt attempt = sent(plan.first()); attempt != null; attempt = sent(
				plan.after(Outcome.MISDIRECTED, 0, null))) {
			attempts++;
		}
		return attempts;
	}

	private static Row row(Outcome outcome) {
		return switch (outcome) {
			case CONNECT_FAILED, CERTIFICATE_FAILED, MISDIRECTED -> new Row(true, true, false, false, false);
			case SHED -> new Row(true, true, true, true, true);
			case BROKEN -> new Row(true, false, false, true, true);
			case UNAVAILABLE, TIMED_OUT -> new Row(true, false, true, true, true);
			case RELAYED, EXPIRED, RESPONDED, REJECTED, FAILED, ABANDONED -> new Row(false, false, false, false, false);
		};
	}

	private double budget() {
		double left = this.planner.retriesLeft("orders");
		return Double.isNaN(left) ? MINIMUM : left;
	}

	private CallPlan plan(CallTerms terms) {
		CallPlan plan = this.planner.service("orders").plan(terms);
		assertThat(plan).isNotNull();
		return plan;
	}

	private void up(int count) {
		List<Instance> instances = IntStream.rangeClosed(1, count)
			.mapToObj((i) -> Instance.of("orders", "i" + i, "10.0.0." + i, 80))
			.toList();
		this.catalog.snapshot(new Cursor("3f", 1, 1), true, Map.of("orders", instances));
	}

	/** A row of the table. */
	private record Row(boolean ifIdempotent, boolean ifNot, boolean firstCosts, boolean furtherCosts, boolean waits) {

		// The first two rows of the document.
		boolean noLoad() {
			return this.ifNot && !this.firstCosts;
		}

	}

}
