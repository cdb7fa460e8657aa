package io.redmesh.core.loadbalance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

import io.redmesh.core.endpoint.Endpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The contract of balancers that send calls with equal hash keys to the same endpoint.
 */
abstract class ConsistentHashContract extends LoadBalancerContract {

	private static final int KEYS = 100_000;

	@Override
	LoadBalancer create(RandomGenerator random) {
		return create(LoadBalancer.DEFAULT_BALANCE_FACTOR);
	}

	abstract LoadBalancer create(double balanceFactor);

	/** Returns the share of all keys that may move when one of the endpoints leaves. */
	double movedAtMost(int endpoints) {
		return 1.3 / endpoints;
	}

	/** Returns the tolerance of a share, as a part of it. */
	abstract double tolerance();

	@Test
	void sameKeySameEndpoint() {
		LoadBalancer loadBalancer = create(1.25);
		List<Endpoint> endpoints = endpoints(100, 50, 100, 10);
		assertThat(picks(loadBalancer, endpoints)).isEqualTo(picks(loadBalancer, endpoints));
	}

	@Test
	void agreesWithOtherProcessesWhateverTheOrderOfTheList() {
		int[] weights = { 100, 50, 100, 10, 0, 70, 100, 100, 100, 100, 100, 100 };
		List<String> mine = picks(create(1.25), endpoints(weights));
		List<Endpoint> shuffled = new ArrayList<>(endpoints(weights));
		Collections.shuffle(shuffled, new java.util.Random(3));
		assertThat(picks(create(1.25), shuffled)).isEqualTo(mine);
	}

	@Test
	void similarKeysAreSpreadToo() {
		LoadBalancer loadBalancer = create(1.25);
		List<Endpoint> endpoints = endpoints(100, 100, 100, 100);
		int[] counts = new int[4];
		for (int key = 0; key < 40_000; key++) {
			counts[Integer.parseInt(pickFrom(loadBalancer, endpoints, key))]++;
		}
		assertThat(Arrays.stream(counts).boxed()).allSatisfy((count) -> assertThat(count).isBetween(9_200, 10_800));
	}

	@ParameterizedTest
	@ValueSource(ints = { 5, 20, 100 })
	void onlyTheKeysOfTheRemovedEndpointMove(int count) {
		int[] weights = new int[count];
		Arrays.fill(weights, 100);
		List<Endpoint> all = endpoints(weights);
		List<String> before = picks(create(1.25), all);
		for (int gone : new int[] { 0, count / 2, count - 1 }) {
			List<Endpoint> others = new ArrayList<>(all);
			String id = others.remove(gone).instance().id();
			List<String> after = picks(create(1.25), others);
			int moved = 0;
			for (int key = 0; key < KEYS; key++) {
				moved += before.get(key).equals(after.get(key)) ? 0 : 1;
			}
			assertThat(after).doesNotContain(id);
			assertThat(moved / (double) KEYS).isLessThanOrEqualTo(movedAtMost(count));
		}
	}

	@Test
	void followsTheWeights() {
		Map<String, Integer> share = share(endpoints(100, 300, 0, 600), KEYS);
		assertShare(share.get("0"), 0.1);
		assertShare(share.get("1"), 0.3);
		assertShare(share.get("3"), 0.6);
		assertThat(share).doesNotContainKey("2");
	}

	@Test
	void theLightestStillGetsSomeOfAThousand() {
		int[] weights = new int[1_000];
		Arrays.fill(weights, 1_000);
		weights[500] = 100;
		assertThat(share(endpoints(weights), 1_000_000)).hasSize(1_000)
			.hasEntrySatisfying("500", (count) -> assertThat(count).isBetween(50, 200))
			.hasEntrySatisfying("7", (count) -> assertThat(count).isBetween(800, 1_200));
	}

	@Test
	void aChangeOfTheWeightsAloneIsFollowed() {
		LoadBalancer loadBalancer = create(1.25);
		picks(loadBalancer, endpoints(100, 100));
		assertShare(Collections.frequency(picks(loadBalancer, endpoints(100, 300)), "0"), 0.25);
	}

	@Test
	void aNewEndpointIsPickedFromTheFirstCallOn() {
		LoadBalancer loadBalancer = create(1.25);
		List<Endpoint> all = endpoints(100, 100, 100);
		List<Endpoint> two = List.of(all.get(0), all.get(2));
		picks(loadBalancer, two);
		for (int key = 0; key < 50; key++) {
			loadBalancer.pick(two, 0, key);
			// A new list each time, because some callers filter their lists.
			assertThat(pickFrom(loadBalancer, List.copyOf(new ArrayList<>(all)), key))
				.isEqualTo(pickFrom(create(1.25), all, key));
		}
	}

	@Test
	void aRetryGoesToAnUntriedEndpointAndAlwaysTheSame() {
		LoadBalancer loadBalancer = create(1.25);
		List<Endpoint> endpoints = endpoints(100, 100, 100, 100, 0);
		List<String> firsts = IntStream.range(0, 10_000)
			.mapToObj((key) -> pickFrom(loadBalancer, endpoints, key))
			.toList();
		assertThat(firsts).containsOnly("0", "1", "2", "3");
		int[] counts = new int[5];
		// List by list: only a few tables are kept, so key by key each pick computes one.
		for (String first : Set.copyOf(firsts)) {
			for (int key = 0; key < firsts.size(); key++) {
				if (firsts.get(key).equals(first)) {
					String second = pickFrom(loadBalancer, without(endpoints, first), key);
					assertThat(second).isNotEqualTo(first).isNotEqualTo("4");
					assertThat(pickFrom(loadBalancer, without(endpoints, first), key)).isEqualTo(second);
					counts[Integer.parseInt(second)]++;
				}
			}
		}
		for (int key = 0; key < firsts.size(); key++) {
			assertThat(pickFrom(loadBalancer, endpoints, key)).isEqualTo(firsts.get(key));
		}
		assertThat(Arrays.stream(counts).limit(4).boxed())
			.allSatisfy((count) -> assertThat(count).isBetween(2_200, 2_800));
	}

	@Test
	void ifOnlyEndpointsOfZeroWeightAreLeftTheyAreEqual() {
		LoadBalancer loadBalancer = create(1.25);
		List<Endpoint> endpoints = endpoints(100, 0, 0);
		assertThat(pickFrom(loadBalancer, endpoints, 1)).isEqualTo("0");
		List<String> picks = picks(loadBalancer, without(endpoints, "0"));
		assertShare(Collections.frequency(picks, "1"), 0.5);
	}

	@Test
	void passesKeysOfAnOverloadedEndpointAlwaysToTheSame() {
		List<Endpoint> endpoints = endpoints(100, 100, 100, 100, 100);
		LoadBalancer loadBalancer = create(1.25);
		Endpoint hot = loadBalancer.pick(endpoints, 0, 7);
		assertThat(hot).isNotNull();
		// 1.25 * 1/5 * (11 + 1) = 3 is its share of these.
		begin(hot, 3);
		endpoints.stream().filter((other) -> other != hot).forEach((other) -> begin(other, 2));
		assertThat(loadBalancer.pick(endpoints, 0, 7)).isSameAs(hot);
		begin(hot, 1);
		// 1.25 * 1/5 * (12 + 1) = 3.25, so 4 is not too much either.
		assertThat(loadBalancer.pick(endpoints, 0, 7)).isSameAs(hot);
		begin(hot, 1);
		Endpoint other = loadBalancer.pick(endpoints, 0, 7);
		assertThat(other).isNotNull().isNotSameAs(hot);
		assertThat(loadBalancer.pick(endpoints, 0, 7)).isSameAs(other);
		assertThat(create(1.25).pick(endpoints, 0, 7)).isSameAs(other);
		hot.attemptEnded();
		assertThat(loadBalancer.pick(endpoints, 0, 7)).isSameAs(hot);
	}

	@Test
	void overflowIsSpreadOverAllOtherEndpoints() {
		List<Endpoint> endpoints = endpoints(100, 100, 100, 100, 100);
		begin(endpoints.get(3), 100);
		Map<String, Integer> share = share(endpoints, KEYS);
		assertThat(share).containsOnlyKeys("0", "1", "2", "4");
		assertThat(share.values()).allSatisfy((count) -> assertShare(count, 0.25));
	}

	@Test
	void oneHotKeyLoadsNoEndpointBeyondTheBound() {
		List<Endpoint> endpoints = endpoints(100, 100, 100, 100, 200);
		LoadBalancer loadBalancer = create(1.25);
		for (int call = 0; call < 600; call++) {
			Endpoint picked = loadBalancer.pick(endpoints, 0, 7);
			assertThat(picked).isNotNull();
			picked.attemptStarted(0);
		}
		// Of 600 calls 100 for each unit of 100, times 1.25; and one more, as in Envoy.
		assertThat(endpoints.subList(0, 4)).allSatisfy((light) -> assertThat(light.inFlight()).isBetween(0, 126));
		assertThat(endpoints.get(4).inFlight()).isBetween(0, 251);
	}

	@Test
	void withoutABoundLoadDoesNotCount() {
		List<Endpoint> endpoints = endpoints(100, 100, 100);
		LoadBalancer loadBalancer = create(Double.POSITIVE_INFINITY);
		List<String> idle = picks(loadBalancer, endpoints);
		begin(endpoints.get(1), 10_000);
		assertThat(picks(loadBalancer, endpoints)).isEqualTo(idle);
	}

	@ParameterizedTest
	@ValueSource(doubles = { 1, 0, -1, Double.NaN })
	void aBoundThatCannotHoldIsRefused(double balanceFactor) {
		assertThatIllegalArgumentException().isThrownBy(() -> create(balanceFactor))
			.withMessageContaining("expected: more than 1");
	}

	private void assertShare(int count, double share) {
		// Three standard deviations of the randomness of the keys themselves.
		double chance = 3 * Math.sqrt(KEYS * share * (1 - share));
		assertThat((double) count).isBetween(KEYS * share * (1 - tolerance()) - chance,
				KEYS * share * (1 + tolerance()) + chance);
	}

	private static List<String> picks(LoadBalancer loadBalancer, List<Endpoint> endpoints) {
		SplittableRandom keys = new SplittableRandom(11);
		List<String> picks = new ArrayList<>(KEYS);
		for (int pick = 0; pick < KEYS; pick++) {
			picks.add(pickFrom(loadBalancer, endpoints, keys.nextLong()));
		}
		return picks;
	}

	private static List<Endpoint> without(List<Endpoint> endpoints, String id) {
		return endpoints.stream().filter((endpoint) -> !endpoint.instance().id().equals(id)).toList();
	}

	private static void begin(Endpoint endpoint, int calls) {
		for (int call = 0; call < calls; call++) {
			endpoint.attemptStarted(0);
		}
	}

}
