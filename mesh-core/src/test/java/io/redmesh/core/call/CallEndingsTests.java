package io.redmesh.core.call;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.outlier.OutlierPolicy;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.redmesh.core.call.Sent.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests of what a call leaves behind, and of what its endpoint learns, when it ends by a
 * limit or a fault.
 */
class CallEndingsTests {

	private static final Duration CALL = Duration.ofSeconds(12);

	private static final Duration ATTEMPT = Duration.ofSeconds(5);

	private final ManualTime time = new ManualTime();

	private final FaultyTime faulty = new FaultyTime(this.time);

	private final Catalog catalog = new Catalog();

	private final EndpointPools pools = new EndpointPools(this.catalog, this.time, (service) -> EjectionPolicy.DEFAULT);

	private CallPolicy policy = policy(CALL, ATTEMPT, HedgePolicy.NEVER);

	private final CallPlanner planner = new CallPlanner(this.pools, (service) -> this.policy, this.faulty);

	@ParameterizedTest
	@ValueSource(ints = { 1, 5, 4000 })
	void aTimeoutThatADeadlineCutShortIsNotHeldAgainstTheInstance(int millis) throws Exception {
		up("a", "b", "c");
		for (int call = 0; call < 60; call++) {
			long deadline = this.time.nanos() + Duration.ofMillis(millis).toNanos();
			CallPlan plan = plan(new CallTerms(true, true, new Deadline(true, deadline)));
			Attempt attempt = sent(plan.first());
			assertThat(attempt.timeout()).isEqualTo(Duration.ofMillis(millis).toNanos());
			this.time.forward(Duration.ofMillis(millis));
			assertThat(plan.after(Outcome.TIMED_OUT, 0, null)).isNull();
		}
		assertThat(endpoints()).allSatisfy((endpoint) -> {
			assertThat(endpoint.isEjected()).isFalse();
			assertThat(endpoint.failures(this.time.nanos())).isZero();
			assertThat(endpoint.penalty(this.time.nanos())).isZero();
			assertThat(endpoint.inFlight()).isZero();
		});
	}

	@Test
	void aDeadlineDoesNotChangeTheLatencyOfAHealthyInstance() throws Exception {
		up("a");
		for (int call = 0; call < 3; call++) {
			CallPlan plan = plan(CallTerms.IDEMPOTENT);
			plan.first();
			this.time.forward(Duration.ofMillis(20));
			plan.after(Outcome.RESPONDED, 0, null);
			plan.release();
		}
		float latency = endpoints().get(0).latency(this.time.nanos());
		CallPlan plan = plan(
				new CallTerms(true, true, new Deadline(true, this.time.nanos() + Duration.ofMillis(5).toNanos())));
		plan.first();
		plan.after(Outcome.TIMED_OUT, 0, null);
		assertThat(endpoints().get(0).latency(this.time.nanos())).isEqualTo(latency);
	}

	@Test
	void aTimeoutOfTheWholeAttemptIsHeldAgainstTheInstance() throws Exception {
		assertThatFiveTimeoutsEject(CallTerms.ONCE);
	}

	@Test
	void aTimeoutOfAWholeCallThatIsShorterThanAnAttemptIsHeldAgainstTheInstance() throws Exception {
		this.policy = policy(ATTEMPT, CALL, HedgePolicy.NEVER);
		assertThatFiveTimeoutsEject(CallTerms.ONCE);
	}

	@Test
	void aTimeoutOfNearlyAllOfAnAttemptIsHeldAgainstTheInstance() throws Exception {
		long deadline = Duration.ofHours(1).toNanos();
		this.policy = policy(Duration.ZERO, ATTEMPT, HedgePolicy.NEVER);
		assertThatFiveTimeoutsEject(new CallTerms(false, true, new Deadline(true, this.time.nanos() + deadline)));
	}

	private void assertThatFiveTimeoutsEject(CallTerms terms) throws Exception {
		up("a", "b");
		for (int call = 0; call < 10; call++) {
			assertThat(endpoints()).extracting(Endpoint::isEjected).containsOnly(call == 9, false);
			CallPlan plan = plan(terms);
			assertThat(sent(plan.first()).timeout()).isEqualTo(ATTEMPT.toNanos());
			this.time.forward(ATTEMPT);
			assertThat(plan.after(Outcome.TIMED_OUT, 0, null)).isNull();
		}
		assertThat(endpoints()).extracting(Endpoint::isEjected).containsExactlyInAnyOrder(true, false);
	}

	@Test
	void theLastAttemptOfACallIsCutShortByItsTimeout() throws Exception {
		up("a", "b", "c");
		CallPlan plan = plan(CallTerms.IDEMPOTENT);
		plan.first();
		this.time.forward(ATTEMPT);
		plan.after(Outcome.TIMED_OUT, 0, null);
		this.time.forward(ATTEMPT);
		Attempt last = sent(plan.after(Outcome.TIMED_OUT, 0, null));
		assertThat(last).isNotNull();
		this.time.forward(Duration.ofNanos(last.timeout()));
		assertThat(plan.after(Outcome.TIMED_OUT, 0, null)).isNull();
		assertThat(last.endpoint().failures(this.time.nanos())).isZero();
		assertThat(endpoints()).extracting((endpoint) -> endpoint.failures(this.time.nanos()))
			.containsExactlyInAnyOrder(0, 1, 1);
	}

	@Test
	void deadlinesDoNotMakeHedgesEarlier() throws Exception {
		this.policy = policy(CALL, ATTEMPT, new HedgePolicy(Duration.ZERO, 90));
		up("a", "b");
		for (int call = 0; call < 200; call++) {
			CallPlan plan = plan(new CallTerms(true, true, new Deadline(true, this.time.nanos() + 1_000_000)));
			plan.first();
			this.time.forward(Duration.ofMillis(1));
			plan.after(Outcome.TIMED_OUT, 0, null);
		}
		assertThat(plan(CallTerms.IDEMPOTENT).hedgeAfter()).isZero();
	}

	@ParameterizedTest
	@ValueSource(longs = { 60, 31_536_000, 251_700_000_000L, Long.MAX_VALUE })
	void aLoneInstanceThatAsksForALongPauseIsNotCalledAgain(long seconds) throws Exception {
		up("a");
		CallPlan plan = plan(CallTerms.IDEMPOTENT);
		plan.first();
		assertThat(plan.after(Outcome.UNAVAILABLE, 0, Duration.ofSeconds(seconds))).isNull();
		plan.release();
		assertNothingIsLeft();
	}

	@Test
	void aPauseWithoutADeadlineDoesNotOverflow() throws Exception {
		this.policy = policy(Duration.ZERO, Duration.ZERO, HedgePolicy.NEVER);
		up("a");
		CallPlan plan = plan(CallTerms.IDEMPOTENT);
		plan.first();
		Attempt again = sent(plan.after(Outcome.UNAVAILABLE, 0, Duration.ofSeconds(Long.MAX_VALUE)));
		assertThat(again).isNotNull();
		assertThat(again.delay()).isPositive();
		plan.release();
		assertNothingIsLeft();
	}

	@Test
	void durationsOfAPolicyDoNotOverflow() throws Exception {
		Duration ages = Duration.ofSeconds(Long.MAX_VALUE);
		this.policy = new CallPolicy(LoadBalancing.ADAPTIVE,
				new RetryPolicy(3, ages, ages, 1, 1, new HedgePolicy(ages, 0)), OutlierPolicy.DEFAULT, ages, ages, 1,
				0);
		up("a", "b");
		CallPlan plan = plan(CallTerms.IDEMPOTENT);
		assertThat(sent(plan.first()).timeout()).isPositive();
		assertThat(plan.hedgeAfter()).isPositive();
		plan.after(Outcome.UNAVAILABLE, 0, null);
		plan.release();
		assertNothingIsLeft();
	}

	@Test
	void anyExceptionLeavesNoAttemptAndNoPermit() throws Exception {
		up("a", "b");
		int faults = 0;
		for (Outcome outcome : Outcome.values()) {
			for (int reading = 1; reading <= 12; reading++) {
				faults += fails(outcome, reading) ? 1 : 0;
				assertNothingIsLeft();
			}
		}
		assertThat(faults).isPositive();
	}

	private boolean fails(Outcome outcome, int reading) throws Exception {
		this.faulty.failsAt(reading);
		CallPlan plan = null;
		try {
			plan = plan(CallTerms.IDEMPOTENT);
			plan.acquirePermit();
			plan.first();
			while (plan.after(outcome, 0, Duration.ofMillis(1)) != null) {
				this.time.forward(Duration.ofSeconds(1));
			}
			// The response is read.
			plan.release();
			return false;
		}
		catch (ClockException ex) {
			return true;
		}
		finally {
			this.faulty.failsAt(0);
		}
	}

	@Test
	void releasingAnAttemptThatWasNeverReportedEndsItsSilence() throws Exception {
		up("a", "b");
		CallPlan forgotten = plan(CallTerms.IDEMPOTENT);
		Endpoint silent = sent(forgotten.first()).endpoint();
		forgotten.release();
		Endpoint other = endpoints().stream().filter((endpoint) -> endpoint != silent).findFirst().orElseThrow();
		other.attemptStarted(this.time.nanos());
		this.time.forward(Duration.ofSeconds(1));
		other.attemptDecided(true, this.time.nanos());
		assertThat(silent.silence()).isZero();
		// Reported after its release.
		forgotten.after(Outcome.ABANDONED, 0, null);
		assertThat(silent.silence()).isZero();
		assertThat(silent.inFlight()).isZero();
		assertThatIllegalStateException().isThrownBy(() -> forgotten.after(Outcome.ABANDONED, 0, null));
	}

	private void assertNothingIsLeft() throws Exception {
		assertThat(endpoints()).extracting(Endpoint::inFlight).containsOnly(0);
		CallPlan only = plan(CallTerms.ONCE);
		only.first();
		only.after(Outcome.ABANDONED, 0, null);
	}

	private static CallPolicy policy(Duration call, Duration attempt, HedgePolicy hedging) {
		return new CallPolicy(LoadBalancing.ROUND_ROBIN,
				new RetryPolicy(3, Duration.ZERO, Duration.ZERO, 1, 1000, hedging), OutlierPolicy.DEFAULT, call,
				attempt, 1, 0);
	}

	private CallPlan plan(CallTerms terms) {
		CallPlan plan = this.planner.service("orders").plan(terms);
		assertThat(plan).isNotNull();
		return plan;
	}

	private List<Endpoint> endpoints() {
		return this.pools.pool("orders").all();
	}

	private void up(String... ids) {
		this.catalog.snapshot(new Cursor("3f", 1, 1), true,
				Map.of("orders",
						java.util.Arrays.stream(ids)
							.map((id) -> Instance.of("orders", id, "10.0.0." + (id.charAt(0) - 'a' + 1), 80))
							.toList()));
	}

	/** A clock that fails at one of its readings. */
	private static final class FaultyTime implements Time {

		private final Time time;

		private int readings;

		FaultyTime(Time time) {
			this.time = time;
		}

		void failsAt(int reading) {
			this.readings = reading;
		}

		@Override
		public long nanos() {
			if (this.readings > 0 && --this.readings == 0) {
				throw new ClockException();
			}
			return this.time.nanos();
		}

		@Override
		public Instant now() {
			return this.time.now();
		}

		@Override
		public void sleep(@Nullable Duration duration) {
			throw new UnsupportedOperationException();
		}

	}

	private static final class ClockException extends RuntimeException {

		private static final long serialVersionUID = 1;

	}

}
