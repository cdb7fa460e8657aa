package io.redmesh.core.endpoint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EndpointPoolTests {

	private static final Instance A = Instance.of("orders", "a", "10.0.0.1", 80).withFence(1);

	private static final Instance B = Instance.of("orders", "b", "10.0.0.2", 80).withFence(1);

	private final ManualTime time = new ManualTime();

	private final Catalog catalog = new Catalog();

	private final EndpointPools pools = new EndpointPools(this.catalog, this.time, (service) -> EjectionPolicy.DEFAULT);

	private long revision;

	@Test
	void anUnknownServiceHasNoPool() {
		assertThat(this.pools.pool("orders")).isNull();
	}

	@Test
	void aPoolIsCreatedOnFirstUse() {
		this.catalog.snapshot(new Cursor("lineage", 1, 1), true, Map.of("orders", List.of(A)));
		assertThat(this.pools.existing("orders")).isNull();
		EndpointPool pool = this.pools.pool("orders");
		assertThat(pool.all()).hasSize(1);
		assertThat(this.pools.pool("orders")).isSameAs(pool);
		assertThat(this.pools.existing("orders")).isSameAs(pool);
		assertThat(this.pools.all()).containsExactly(pool);
	}

	@Test
	void aPoolThatIsCreatedDuringAChangeMissesNothing() throws Exception {
		for (int i = 0; i < 2000; i++) {
			Catalog changing = new Catalog();
			EndpointPools made = new EndpointPools(changing, this.time, (service) -> EjectionPolicy.DEFAULT);
			changing.snapshot(new Cursor("lineage", 1, 1), true, Map.of("orders", List.of(A)));
			Thread writer = new Thread(
					() -> changing.snapshot(new Cursor("lineage", 1, 2), true, Map.of("orders", List.of(A, B))));
			writer.start();
			EndpointPool pool = made.pool("orders");
			writer.join();
			assertThat(pool.all()).hasSize(2);
		}
	}

	@Test
	void survivorsKeepTheirBeliefs() {
		EndpointPool pool = update(A, B);
		Endpoint a = endpoint(pool, "a");
		a.attemptStarted(0);
		unreachable(a);
		Instance heavier = A.withWeight(7);
		update(heavier);
		assertThat(endpoint(pool, "a")).isSameAs(a);
		assertThat(a.instance()).isEqualTo(heavier);
		assertThat(a.inFlight()).isOne();
		assertThat(a.isEjected()).isTrue();
		assertThat(pool.all()).containsExactly(a);
	}

	@Test
	void anotherIncarnationOrAddressBeginsAnew() {
		EndpointPool pool = update(A, B);
		Endpoint a = endpoint(pool, "a");
		Endpoint b = endpoint(pool, "b");
		update(A.withFence(2), Instance.of("orders", "b", "10.0.0.9", 80).withFence(1));
		assertThat(endpoint(pool, "a")).isNotSameAs(a);
		assertThat(endpoint(pool, "b")).isNotSameAs(b);
	}

	@Test
	void onlyInstancesThatAreUpAreCandidates() {
		EndpointPool pool = update(A, B.withStatus(Status.DRAINING),
				Instance.of("orders", "c", "10.0.0.3", 80).withStatus(Status.OUT_OF_SERVICE),
				Instance.of("orders", "d", "10.0.0.4", 0));
		assertThat(candidates(pool)).containsExactly("a");
	}

	@Test
	void suspectsAreCalledOnlyWhenNoOtherInstanceCanBe() {
		Instance c = Instance.of("orders", "c", "10.0.0.3", 80).withStatus(Status.DRAINING);
		EndpointPool pool = update(A.withSuspect(true), B, c);
		Endpoint a = endpoint(pool, "a");
		assertThat(candidates(pool)).containsExactly("b");
		unreachable(endpoint(pool, "b"));
		assertThat(candidates(pool)).containsExactly("a");
		unreachable(a);
		assertThat(candidates(pool)).containsExactly("a", "b");
		update(A, B, c);
		assertThat(endpoint(pool, "a")).isSameAs(a);
	}

	@Test
	void listenersAreNotifiedOnceOfEachEjectionAndRestoration() {
		List<String> events = new ArrayList<>();
		this.pools.listen(new EndpointListener() {

			@Override
			public void ejected(Endpoint endpoint, EjectionCause cause, Duration until) {
				events.add(endpoint.instance().id() + " " + cause + " " + until);
			}

			@Override
			public void stillEjected(Endpoint endpoint, EjectionCause cause) {
				events.add(endpoint.instance().id() + " still " + cause);
			}

			@Override
			public void restored(Endpoint endpoint) {
				events.add(endpoint.instance().id());
			}

		});
		EndpointPool pool = update(A, B);
		long together = this.time.nanos() - 1;
		unreachable(endpoint(pool, "a"));
		endpoint(pool, "a").eject(EjectionCause.UNREACHABLE, null, together, this.time.nanos());
		this.time.forward(Duration.ofSeconds(2));
		unreachable(endpoint(pool, "a"));
		assertThat(pool.nextProbe(null, this.time.nanos(), true)).isSameAs(endpoint(pool, "a"));
		unreachable(endpoint(pool, "a"));
		unreachable(endpoint(pool, "a"));
		endpoint(pool, "a").restore(this.time.nanos(), this.time.nanos());
		endpoint(pool, "a").restore(this.time.nanos(), this.time.nanos());
		assertThat(events).containsExactly("a UNREACHABLE PT1S", "a still UNREACHABLE", "a");
		events.clear();
		Endpoint b = endpoint(pool, "b");
		unreachable(b);
		update(A);
		b.restore(this.time.nanos(), this.time.nanos());
		b.eject(EjectionCause.UNREACHABLE, null, this.time.nanos(), this.time.nanos());
		assertThat(events).as("not of removed endpoints").containsExactly("b UNREACHABLE PT1S");
	}

	@Test
	void whenNoInstanceIsUpThoseThatMayRespondAreCandidates() {
		EndpointPool pool = update(A.withStatus(Status.DOWN), B.withStatus(Status.DRAINING),
				Instance.of("orders", "c", "10.0.0.3", 80).withStatus(Status.STARTING),
				Instance.of("orders", "d", "10.0.0.4", 80).withStatus(Status.OUT_OF_SERVICE));
		assertThat(candidates(pool)).containsExactly("b", "c");
	}

	@Test
	void anEjectionLastsUntilAProbeSucceedsAndGrowsWhenItFails() {
		EndpointPool pool = update(A, B);
		Endpoint a = endpoint(pool, "a");
		unreachable(a);
		for (int seconds : new int[] { 1, 2, 4, 8, 8, 8 }) {
			this.time.forward(Duration.ofSeconds(seconds).minusMillis(1));
			assertThat(pool.nextProbe(null, this.time.nanos(), true)).isNull();
			this.time.forward(Duration.ofMillis(1));
			assertThat(pool.nextProbe(null, this.time.nanos(), true)).isSameAs(a);
			assertThat(pool.nextProbe(null, this.time.nanos(), true)).isNull();
			assertThat(candidates(pool)).containsExactly("b");
			unreachable(a);
		}
		this.time.forward(Duration.ofSeconds(8));
		assertThat(pool.nextProbe(null, this.time.nanos(), true)).isSameAs(a);
		a.restore(this.time.nanos(), this.time.nanos());
		assertThat(candidates(pool)).containsExactly("a", "b");
		assertThat(pool.nextProbe(null, this.time.nanos(), true)).isNull();
	}

	@Test
	void anEjectionGrowsByProbesAndNotByCalls() {
		EndpointPool pool = update(A);
		Endpoint a = endpoint(pool, "a");
		unreachable(a);
		int probes = 0;
		for (int call = 0; call < 1000; call++) {
			this.time.forward(Duration.ofMillis(10));
			probes += (pool.nextProbe(null, this.time.nanos(), true) != null) ? 1 : 0;
			unreachable(a);
		}
		// After 1, 3 and 7 seconds.
		assertThat(probes).isEqualTo(3);
		assertThat(a.ejection().times()).isEqualTo(4);
	}

	@Test
	void inPanicAnInstanceThatCannotBeReachedAnyMoreIsLeftOutAtOnce() {
		EndpointPool pool = update(named("1"), named("2"), named("3"), named("4"));
		eject(pool, "1", "2");
		unreachable(endpoint(pool, "4"));
		assertThat(candidates(pool)).containsExactly("1", "2", "3");
		this.time.forward(Duration.ofMillis(1));
		unreachable(endpoint(pool, "1"));
		assertThat(candidates(pool)).containsExactly("3");
		assertThat(endpoint(pool, "1").ejection().times()).isOne();
		eject(pool, "1");
		assertThat(endpoint(pool, "1").isUnreachable()).isTrue();
	}

	@Test
	void anInstanceWhoseCertificateFailsIsLeftOutLikeOneThatCannotBeReached() {
		EndpointPool pool = update(A, B);
		Endpoint a = endpoint(pool, "a");
		a.eject(EjectionCause.CERTIFICATE, null, this.time.nanos(), this.time.nanos());
		assertThat(candidates(pool)).containsExactly("b");
		assertThat(a.ejection().cause().sentence()).contains("certificate");
	}

	@Test
	void aFailingListenerStopsNeitherTheCallNorOtherListeners() {
		List<String> events = new ArrayList<>();
		this.pools.listen(new EndpointListener() {

			@Override
			public void ejected(Endpoint endpoint, EjectionCause cause, Duration until) {
				throw new IllegalStateException("The listener fails");
			}

			@Override
			public void restored(Endpoint endpoint) {
				throw new IllegalStateException("The listener fails");
			}

		});
		this.pools.listen(new EndpointListener() {

			@Override
			public void ejected(Endpoint endpoint, EjectionCause cause, Duration until) {
				events.add("ejected");
			}

			@Override
			public void restored(Endpoint endpoint) {
				events.add("restored");
			}

		});
		Endpoint a = endpoint(update(A, B), "a");
		unreachable(a);
		a.restore(this.time.nanos(), this.time.nanos());
		assertThat(events).containsExactly("ejected", "restored");
	}

	@Test
	void beliefsNeverBecomeFreshAgain() {
		Endpoint a = endpoint(update(A), "a");
		a.answeredAfter(9_000_000, this.time.nanos());
		a.count(Result.FAILURE, this.time.nanos());
		a.count(Result.REJECTION, this.time.nanos());
		// Every hour of four months, and the ages at which narrow numbers wrap.
		List<Duration> ages = new ArrayList<>();
		LongStream.range(1, 24 * 120).mapToObj(Duration::ofHours).forEach(ages::add);
		IntStream.range(16, 58).mapToObj((bits) -> Duration.ofNanos(1L << bits)).forEach(ages::add);
		IntStream.range(10, 28).mapToObj((bits) -> Duration.ofSeconds(1L << bits)).forEach(ages::add);
		IntStream.range(1, 100).mapToObj((wraps) -> Duration.ofSeconds(wraps << 16)).forEach(ages::add);
		long now = this.time.nanos();
		for (Duration age : ages) {
			if (age.compareTo(Duration.ofMinutes(1)) > 0) {
				long later = now + age.toNanos();
				assertThat(a.latency(later)).as("latency after %s", age).isZero();
				assertThat(a.penalty(later)).as("penalty after %s", age).isZero();
				assertThat(a.failures(later)).as("failures after %s", age).isZero();
				assertThat(a.attempts(later)).as("attempts after %s", age).isZero();
			}
		}
	}

	@Test
	void aProbeThatNeverEndsIsRepeatedAfterTheSameTime() {
		EndpointPool pool = update(A, B);
		unreachable(endpoint(pool, "a"));
		this.time.forward(Duration.ofSeconds(1));
		assertThat(pool.nextProbe(null, this.time.nanos(), true)).isNotNull();
		this.time.forward(Duration.ofMillis(999));
		assertThat(pool.nextProbe(null, this.time.nanos(), true)).isNull();
		this.time.forward(Duration.ofMillis(1));
		assertThat(pool.nextProbe(null, this.time.nanos(), true)).isNotNull();
	}

	@Test
	void anInstanceThatNeverRespondsHoldsOneProbeAtATime() {
		EndpointPool pool = update(A, B);
		Endpoint a = endpoint(pool, "a");
		a.eject(EjectionCause.CONSECUTIVE_FAILURES, null, this.time.nanos(), this.time.nanos());
		this.time.forward(Duration.ofSeconds(1));
		assertThat(pool.nextProbe(null, this.time.nanos(), true)).isSameAs(a);
		this.time.forward(Duration.ofMillis(7_999));
		assertThat(pool.nextProbe(null, this.time.nanos(), true)).isNull();
		this.time.forward(Duration.ofMillis(1));
		assertThat(pool.nextProbe(null, this.time.nanos(), true)).isSameAs(a);
	}

	@Test
	void callsThatCannotBeRetriedProbeOnlyUnreachableInstancesOrOverdueOnes() {
		EndpointPool pool = update(A, B);
		Endpoint a = endpoint(pool, "a");
		a.eject(EjectionCause.FAILURE_SHARE, null, this.time.nanos(), this.time.nanos());
		this.time.forward(Duration.ofSeconds(8));
		assertThat(pool.nextProbe(null, this.time.nanos(), false)).isNull();
		this.time.forward(Duration.ofSeconds(1));
		assertThat(pool.nextProbe(null, this.time.nanos(), false)).isSameAs(a);
		a.restore(this.time.nanos(), this.time.nanos());
		this.time.forward(Duration.ofHours(1));
		unreachable(a);
		this.time.forward(Duration.ofSeconds(1));
		assertThat(pool.nextProbe(null, this.time.nanos(), false)).isSameAs(a);
	}

	@Test
	void anInstanceEjectedSoonAfterItsRestorationStaysEjectedForLonger() {
		EndpointPool pool = update(A, B);
		Endpoint a = endpoint(pool, "a");
		unreachable(a);
		this.time.forward(Duration.ofSeconds(1));
		a.restore(this.time.nanos(), this.time.nanos());
		unreachable(a);
		assertThat(a.ejection().times()).isEqualTo(2);
		this.time.forward(Duration.ofSeconds(2));
		a.restore(this.time.nanos(), this.time.nanos());
		this.time.forward(Duration.ofSeconds(2));
		unreachable(a);
		assertThat(a.ejection().times()).isOne();
	}

	@Test
	void aResponseToAnEarlierAttemptRestoresNoInstance() {
		EndpointPool pool = update(A, B);
		Endpoint a = endpoint(pool, "a");
		long started = this.time.nanos();
		this.time.forward(Duration.ofMillis(1));
		unreachable(a);
		a.restore(started, this.time.nanos());
		assertThat(a.isEjected()).isTrue();
	}

	@Test
	void oneInstanceMayAlwaysBeEjectedForItsResponsesButNeverMoreThanPermittedOrAll() {
		EndpointPool pool = update(A, B);
		eject(pool, "a", "b");
		assertThat(candidates(pool)).containsExactly("b");
		pool = update(Instance.of("orders", "only", "10.0.0.1", 80));
		eject(pool, "only");
		assertThat(candidates(pool)).containsExactly("only");
		assertThat(pool.view().isPanicking()).isFalse();
		Instance[] five = { named("1"), named("2"), named("3"), named("4"), named("5") };
		pool = update(five);
		eject(pool, "1", "2", "3", "4");
		assertThat(candidates(pool)).containsExactly("3", "4", "5");
	}

	@Test
	void inPanicInstancesEjectedForTheirResponsesAreCalledButNotUnreachableOnes() {
		EndpointPool pool = update(named("1"), named("2"), named("3"), named("4"),
				named("5").withStatus(Status.DRAINING));
		eject(pool, "1", "2");
		assertThat(candidates(pool)).containsExactly("3", "4");
		unreachable(endpoint(pool, "4"));
		assertThat(pool.view().isPanicking()).isTrue();
		assertThat(candidates(pool)).containsExactly("1", "2", "3");
	}

	@Test
	void anInstanceThatJoinsOthersOrIsRestoredStartsSlowly() {
		EndpointPool pool = update(A);
		assertThat(endpoint(pool, "a").warmth(this.time.nanos())).isOne();
		update(A, B);
		Endpoint b = endpoint(pool, "b");
		assertThat(b.warmth(this.time.nanos())).isEqualTo(0.1F);
		this.time.forward(Duration.ofMillis(2500));
		assertThat(b.warmth(this.time.nanos())).isEqualTo(0.5F);
		this.time.forward(Duration.ofMillis(2500));
		assertThat(b.warmth(this.time.nanos())).isOne();
		unreachable(b);
		b.restore(this.time.nanos(), this.time.nanos());
		assertThat(b.warmth(this.time.nanos())).isEqualTo(0.1F);
		this.time.forward(Duration.ofSeconds(5));
		assertThat(b.warmth(this.time.nanos())).isOne();
	}

	@Test
	void beliefsAreForgottenOnRestoration() {
		EndpointPool pool = update(A, B);
		Endpoint a = endpoint(pool, "a");
		a.answeredAfter(Duration.ofSeconds(10).toNanos(), this.time.nanos());
		a.count(Result.FAILURE, this.time.nanos());
		unreachable(a);
		a.restore(this.time.nanos(), this.time.nanos());
		assertThat(a.latency(this.time.nanos())).isZero();
		assertThat(a.penalty(this.time.nanos())).isZero();
		assertThat(a.attempts(this.time.nanos())).isZero();
		assertThat(a.count(Result.FAILURE, this.time.nanos())).isOne();
	}

	@Test
	void latencyGoesUpAtOnceAndDownOverTime() {
		Endpoint a = endpoint(update(A), "a");
		assertThat(a.latency(this.time.nanos())).isZero();
		a.answeredAfter(1_000_000, this.time.nanos());
		a.answeredAfter(9_000_000, this.time.nanos());
		a.answeredAfter(1_000_000, this.time.nanos());
		assertThat(a.latency(this.time.nanos())).isEqualTo(9_000_000);
		this.time.forward(Duration.ofSeconds(5));
		assertThat(a.latency(this.time.nanos())).isCloseTo((float) (9_000_000 / Math.E), Percentage.withPercentage(1));
		a.answeredAfter(1_000_000, this.time.nanos());
		assertThat(a.latency(this.time.nanos())).isCloseTo((float) (9_000_000 / Math.E + 1_000_000 * (1 - 1 / Math.E)),
				Percentage.withPercentage(1));
		this.time.forward(Duration.ofHours(1));
		assertThat(a.latency(this.time.nanos())).isZero();
	}

	@Test
	void failuresArePenalisedForSomeSeconds() {
		Endpoint a = endpoint(update(A), "a");
		a.count(Result.FAILURE, this.time.nanos());
		assertThat(a.penalty(this.time.nanos())).isOne();
		a.count(Result.SUCCESS, this.time.nanos());
		assertThat(a.penalty(this.time.nanos())).isEqualTo(0.5F);
		for (int failure = 0; failure < 100; failure++) {
			a.count(Result.FAILURE, this.time.nanos());
		}
		assertThat(a.penalty(this.time.nanos())).isEqualTo(4);
		this.time.forward(Duration.ofSeconds(12));
		assertThat(a.penalty(this.time.nanos())).isLessThan(0.25F);
	}

	@Test
	void whenAllAreUnreachableAllAreCandidates() {
		EndpointPool pool = update(A, B);
		pool.all().forEach(this::unreachable);
		assertThat(candidates(pool)).containsExactly("a", "b");
	}

	@Test
	void theListOfCandidatesStaysTheSameObjectUntilSomethingChanges() {
		EndpointPool pool = update(A, B);
		List<Endpoint> candidates = pool.view().candidates();
		this.time.forward(Duration.ofHours(1));
		endpoint(pool, "a").restore(this.time.nanos(), this.time.nanos());
		assertThat(pool.view().candidates()).isSameAs(candidates);
		update(A);
		assertThat(pool.view().candidates()).isNotSameAs(candidates);
	}

	private void unreachable(Endpoint endpoint) {
		endpoint.eject(EjectionCause.UNREACHABLE, null, this.time.nanos(), this.time.nanos());
	}

	private void eject(EndpointPool pool, String... ids) {
		for (String id : ids) {
			endpoint(pool, id).eject(EjectionCause.CONSECUTIVE_FAILURES, null, this.time.nanos(), this.time.nanos());
		}
	}

	private static Instance named(String id) {
		return Instance.of("orders", id, "10.0.0." + id, 80);
	}

	private EndpointPool update(Instance... instances) {
		this.catalog.snapshot(new Cursor("3f", 1, ++this.revision), true, Map.of("orders", Arrays.asList(instances)));
		EndpointPool pool = this.pools.pool("orders");
		assertThat(pool).isNotNull();
		return pool;
	}

	private Endpoint endpoint(EndpointPool pool, String id) {
		return pool.all().stream().filter((endpoint) -> endpoint.instance().id().equals(id)).findFirst().orElseThrow();
	}

	private static List<String> candidates(EndpointPool pool) {
		return pool.view().candidates().stream().map((endpoint) -> endpoint.instance().id()).toList();
	}

}
