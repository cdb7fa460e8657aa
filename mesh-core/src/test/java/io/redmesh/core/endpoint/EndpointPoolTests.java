package io.redmesh.core.endpoint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EndpointPoolTests {

	private static final Instance A = Instance.of("orders", "a", "10.0.0.1", 80).withFence(1);

	private static final Instance B = Instance.of("orders", "b", "10.0.0.2", 80).withFence(1);

	private final ManualTime time = new ManualTime();

	private final Catalog catalog = new Catalog();

	private final EndpointPools pools = new EndpointPools(this.catalog, this.time);

	private long revision;

	@Test
	void aServiceThatWasNeverHeardOfHasNoPool() {
		assertThat(this.pools.pool("orders")).isNull();
	}

	@Test
	void survivorsKeepTheirBeliefs() {
		EndpointPool pool = update(A, B);
		Endpoint a = endpoint(pool, "a");
		a.attemptStarted(this.time.nanos());
		a.unreachable(this.time.nanos());
		Instance heavier = A.withWeight(7);
		update(heavier);
		assertThat(endpoint(pool, "a")).isSameAs(a);
		assertThat(a.instance()).isEqualTo(heavier);
		assertThat(a.inFlight()).isOne();
		assertThat(a.isAvoided(this.time.nanos())).isTrue();
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
	void suspectsAreCalledOnlyWhenNobodyElseCanBe() {
		Instance c = Instance.of("orders", "c", "10.0.0.3", 80).withStatus(Status.DRAINING);
		EndpointPool pool = update(A.withSuspect(true), B, c);
		Endpoint a = endpoint(pool, "a");
		assertThat(candidates(pool)).containsExactly("b");
		endpoint(pool, "b").unreachable(this.time.nanos());
		assertThat(candidates(pool)).containsExactly("a");
		a.unreachable(this.time.nanos());
		assertThat(candidates(pool)).containsExactly("a", "b");
		update(A, B, c);
		assertThat(endpoint(pool, "a")).isSameAs(a);
	}

	@Test
	void whoBeginsToBeAvoidedIsToldOnceEachTime() {
		List<String> told = new ArrayList<>();
		this.pools.onUnreachable((instance) -> told.add(instance.id()));
		EndpointPool pool = update(A, B);
		endpoint(pool, "a").unreachable(this.time.nanos());
		endpoint(pool, "a").unreachable(this.time.nanos());
		assertThat(told).containsExactly("a");
		this.time.forward(Duration.ofSeconds(2));
		endpoint(pool, "a").unreachable(this.time.nanos());
		assertThat(told).containsExactly("a", "a");
	}

	@Test
	void whenNobodyIsUpThoseThatMayAnswerAreCandidates() {
		EndpointPool pool = update(A.withStatus(Status.DOWN), B.withStatus(Status.DRAINING),
				Instance.of("orders", "c", "10.0.0.3", 80).withStatus(Status.STARTING),
				Instance.of("orders", "d", "10.0.0.4", 80).withStatus(Status.OUT_OF_SERVICE));
		assertThat(candidates(pool)).containsExactly("b", "c");
	}

	@Test
	void anUnreachableEndpointIsAvoidedForASecondAndThenLonger() {
		EndpointPool pool = update(A, B);
		Endpoint a = endpoint(pool, "a");
		a.unreachable(this.time.nanos());
		assertThat(candidates(pool)).containsExactly("b");
		this.time.forward(Duration.ofMillis(999));
		assertThat(candidates(pool)).containsExactly("b");
		this.time.forward(Duration.ofMillis(1));
		assertThat(candidates(pool)).containsExactly("a", "b");
		a.unreachable(this.time.nanos());
		this.time.forward(Duration.ofMillis(1999));
		assertThat(candidates(pool)).containsExactly("b");
		this.time.forward(Duration.ofMillis(1));
		assertThat(candidates(pool)).containsExactly("a", "b");
	}

	@Test
	void afterTheAvoidanceOneAttemptFindsOutAndTheOthersKeepAway() {
		EndpointPool pool = update(A, B);
		Endpoint a = endpoint(pool, "a");
		a.unreachable(this.time.nanos());
		this.time.forward(Duration.ofSeconds(1));
		assertThat(candidates(pool)).containsExactly("a", "b");
		a.attemptStarted(this.time.nanos());
		assertThat(candidates(pool)).containsExactly("b");
		a.unreachable(this.time.nanos());
		this.time.forward(Duration.ofMillis(1999));
		assertThat(candidates(pool)).containsExactly("b");
		this.time.forward(Duration.ofMillis(1));
		a.attemptStarted(this.time.nanos());
		assertThat(candidates(pool)).containsExactly("b");
		a.reached();
		assertThat(candidates(pool)).containsExactly("a", "b");
		a.attemptStarted(this.time.nanos());
		assertThat(candidates(pool)).containsExactly("a", "b");
	}

	@Test
	void avoidanceNeverExceedsHalfAMinute() {
		EndpointPool pool = update(A, B);
		Endpoint a = endpoint(pool, "a");
		for (int failure = 0; failure < 20; failure++) {
			a.unreachable(this.time.nanos());
			this.time.forward(Duration.ofSeconds(32));
			assertThat(candidates(pool)).contains("a");
		}
	}

	@Test
	void anAnswerRestoresAnAvoidedEndpointAtOnce() {
		EndpointPool pool = update(A, B);
		Endpoint a = endpoint(pool, "a");
		a.unreachable(this.time.nanos());
		a.reached();
		assertThat(candidates(pool)).containsExactly("a", "b");
	}

	@Test
	void whenAllAreAvoidedAllAreCandidates() {
		EndpointPool pool = update(A, B);
		pool.all().forEach((endpoint) -> endpoint.unreachable(this.time.nanos()));
		assertThat(candidates(pool)).containsExactly("a", "b");
	}

	@Test
	void theListOfCandidatesStaysTheSameObjectUntilSomethingChanges() {
		EndpointPool pool = update(A, B);
		List<Endpoint> candidates = pool.candidates(this.time.nanos());
		this.time.forward(Duration.ofHours(1));
		assertThat(pool.candidates(this.time.nanos())).isSameAs(candidates);
		endpoint(pool, "a").reached();
		assertThat(pool.candidates(this.time.nanos())).isSameAs(candidates);
		update(A);
		assertThat(pool.candidates(this.time.nanos())).isNotSameAs(candidates);
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

	private List<String> candidates(EndpointPool pool) {
		return pool.candidates(this.time.nanos()).stream().map((endpoint) -> endpoint.instance().id()).toList();
	}

}
