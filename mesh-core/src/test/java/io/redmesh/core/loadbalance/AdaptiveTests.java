package io.redmesh.core.loadbalance;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

import io.redmesh.core.endpoint.EjectionPolicy;
import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.endpoint.Result;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AdaptiveTests extends LoadBalancerContract {

	private static final long MILLI = Duration.ofMillis(1).toNanos();

	private final LoadBalancer adaptive = create(new Random(42));

	@Override
	LoadBalancer create(RandomGenerator random) {
		return LoadBalancer.adaptive(() -> random);
	}

	@Test
	void theFasterIsPickedUntilItHasMoreInFlight() {
		List<Endpoint> two = endpoints(100, 100);
		two.get(0).answeredAfter(20 * MILLI, 0);
		two.get(1).answeredAfter(50 * MILLI, 0);
		assertThat(this.adaptive.pick(two, 0, 0)).isSameAs(two.get(0));
		two.get(0).attemptStarted(0);
		assertThat(this.adaptive.pick(two, 0, 0)).isSameAs(two.get(0));
		two.get(0).attemptStarted(0);
		assertThat(this.adaptive.pick(two, 0, 0)).isSameAs(two.get(1));
	}

	@Test
	void endpointsThatAreNearlyAsGoodShareTheCalls() {
		List<Endpoint> four = endpoints(100, 100, 100, 100);
		four.get(0).answeredAfter(20 * MILLI, 0);
		four.get(1).answeredAfter(28 * MILLI, 0);
		four.get(2).answeredAfter(24 * MILLI, 0);
		four.get(3).answeredAfter(31 * MILLI, 0);
		assertThat(share(four, 3_000)).doesNotContainKey("3")
			.allSatisfy((id, count) -> assertThat(count).isBetween(900, 1_100));
	}

	@Test
	void earlierEndpointsAreComparedWithLaterOnesToo() {
		List<Endpoint> five = endpoints(100, 100, 100, 100, 100);
		int[] latencies = { 100, 40, 30, 25, 20 };
		for (int i = 0; i < latencies.length; i++) {
			five.get(i).answeredAfter(latencies[i] * MILLI, 0);
		}
		assertThat(share(five, 3_000)).containsOnlyKeys("2", "3", "4")
			.allSatisfy((id, count) -> assertThat(count).isBetween(900, 1_100));
	}

	@Test
	void anEndpointWithoutAResponseGetsOneCallAndThenOthersGoFirst() {
		List<Endpoint> two = endpoints(100, 100);
		two.get(0).answeredAfter(20 * MILLI, 0);
		assertThat(this.adaptive.pick(two, 0, 0)).isSameAs(two.get(1));
		two.get(1).attemptStarted(0);
		IntStream.range(0, 1000).forEach((i) -> two.get(0).attemptStarted(0));
		assertThat(this.adaptive.pick(two, 0, 0)).isSameAs(two.get(0));
	}

	@Test
	void anEndpointIsAtLeastAsSlowAsItsUnansweredTime() {
		List<Endpoint> two = endpoints(100, 100);
		two.forEach((endpoint) -> endpoint.answeredAfter(20 * MILLI, 0));
		two.get(0).attemptStarted(0);
		for (int i = 0; i < 5; i++) {
			two.get(1).attemptStarted(0);
		}
		assertThat(this.adaptive.pick(two, 200 * MILLI, 0)).as("no endpoint has responded").isSameAs(two.get(0));
		two.get(1).attemptDecided(true, 200 * MILLI);
		assertThat(this.adaptive.pick(two, 200 * MILLI, 0)).isSameAs(two.get(1));
		two.get(0).attemptDecided(false, 201 * MILLI);
		two.get(0).attemptEnded();
		assertThat(this.adaptive.pick(two, 202 * MILLI, 0)).isSameAs(two.get(0));
	}

	@Test
	void anEndpointThatFailsFastAttractsNoCalls() {
		List<Endpoint> two = endpoints(100, 100);
		two.get(0).answeredAfter(MILLI, 0);
		two.get(1).answeredAfter(4 * MILLI, 0);
		two.get(0).count(Result.FAILURE, 0);
		assertThat(this.adaptive.pick(two, 0, 0)).isSameAs(two.get(1));
	}

	@Test
	void theHeavierTakesMore() {
		List<Endpoint> three = endpoints(300, 100, 0);
		three.forEach((endpoint) -> endpoint.answeredAfter(20 * MILLI, 0));
		for (int call = 0; call < 40; call++) {
			this.adaptive.pick(three, 0, 0).attemptStarted(0);
		}
		assertThat(three.get(0).inFlight()).isBetween(26, 34);
		assertThat(three.get(2).inFlight()).isZero();
	}

	@Test
	void aQuietCallerFollowsTheWeightsToo() {
		List<Endpoint> three = endpoints(300, 100, 0);
		three.forEach((endpoint) -> endpoint.answeredAfter(20 * MILLI, 0));
		Map<String, Integer> share = share(three, 4_000);
		assertThat(share).containsOnlyKeys("0", "1");
		assertThat(share.get("0")).isBetween(2_850, 3_150);
	}

	@Test
	void anEndpointInSlowStartGetsLessThanItsShareFromAQuietCallerToo() {
		ManualTime time = new ManualTime();
		Catalog catalog = new Catalog();
		EndpointPools pools = new EndpointPools(catalog, time, (service) -> EjectionPolicy.DEFAULT);
		Instance old = Instance.of("orders", "0", "10.0.0.1", 80);
		catalog.snapshot(new Cursor("3f", 1, 1), true, Map.of("orders", List.of(old)));
		pools.pool("orders");
		catalog.snapshot(new Cursor("3f", 1, 2), true,
				Map.of("orders", List.of(old, Instance.of("orders", "1", "10.0.0.2", 80))));
		List<Endpoint> two = pools.pool("orders").all();
		long now = time.nanos();
		two.forEach((endpoint) -> endpoint.answeredAfter(20 * MILLI, now));
		int ofNew = 0;
		for (int call = 0; call < 1_100; call++) {
			ofNew += (this.adaptive.pick(two, now, 0) == two.get(1)) ? 1 : 0;
		}
		assertThat(ofNew).isBetween(60, 140);
	}

	@Test
	void ofManyEndpointsTheBetterOfTwoIsPicked() {
		List<Endpoint> many = endpoints(IntStream.generate(() -> 100).limit(Adaptive.MAX_SCANNED + 36).toArray());
		many.forEach((endpoint) -> endpoint.answeredAfter(20 * MILLI, 0));
		Endpoint slow = many.get(50);
		slow.answeredAfter(200 * MILLI, 0);
		Map<String, Integer> share = share(many, 10_000);
		assertThat(share).doesNotContainKey(slow.instance().id()).hasSize(99);
		assertThat(share.values()).allSatisfy((count) -> assertThat(count).isBetween(60, 145));
	}

	@Test
	void ofManyEndpointsThoseOfZeroWeightGetNothing() {
		int[] weights = new int[Adaptive.MAX_SCANNED + 36];
		weights[31] = 100;
		weights[32] = 100;
		weights[77] = 100;
		Map<String, Integer> share = share(endpoints(weights), 9_000);
		assertThat(share).containsOnlyKeys("31", "32", "77");
		assertThat(share.values()).allSatisfy((count) -> assertThat(count).isBetween(2_700, 3_300));
	}

	@Test
	void ofManyEndpointsWithoutWeightEachGetsSome() {
		Map<String, Integer> share = share(endpoints(new int[Adaptive.MAX_SCANNED + 36]), 10_000);
		assertThat(share).hasSize(100);
		assertThat(share.values()).allSatisfy((count) -> assertThat(count).isBetween(60, 145));
	}

}
