package io.redmesh.core.traffic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WeightedSplitTests {

	private static final int USERS = 100_000;

	private static final String PINNED = "v1v0v1v1v0v0v0v0v0v1v0v0v0v1v1v1";

	private final SplittableRandom random = new SplittableRandom(16);

	@Test
	void chanceFollowsTheWeights() {
		Map<String, Integer> calls = calls(split(80, 20));
		assertThat(calls.get("v0")).isCloseTo(80_000, Offset.offset(1_000));
		assertThat(calls.get("v1")).isCloseTo(20_000, Offset.offset(1_000));
	}

	@Test
	void weightsNeedNotAddUpToAHundred() {
		Map<String, Integer> calls = calls(split(1, 2, 5));
		assertThat(calls.get("v0")).isCloseTo(12_500, Offset.offset(1_000));
		assertThat(calls.get("v2")).isCloseTo(62_500, Offset.offset(1_000));
		assertThat(calls(split(Integer.MAX_VALUE / 2, Integer.MAX_VALUE / 2)).get("v0")).isCloseTo(50_000,
				Offset.offset(1_000));
	}

	@Test
	void zeroWeightAmongSeveralGetsNothing() {
		List<RouteDestination> split = split(0, 3, 0, 1, 0);
		assertThat(calls(split)).containsOnlyKeys("v1", "v3");
		assertThat(cohorts(split)).doesNotContain("v0", "v2", "v4").contains("v1", "v3");
		assertThat(WeightedSplit.byChance(split, 0).key().subset()).isEqualTo("v1");
		assertThat(WeightedSplit.byChance(split, -1).key().subset()).isEqualTo("v3");
	}

	@Test
	void onlyDestinationGetsEverythingWhateverItsWeight() {
		for (int weight : new int[] { 0, 1, 100 }) {
			assertThat(calls(split(weight))).containsOnly(Map.entry("v0", USERS));
			assertThat(WeightedSplit.byCohort(split(weight), 7).key().subset()).isEqualTo("v0");
		}
	}

	@Test
	void cohortsFollowTheWeights() {
		List<String> cohorts = cohorts(split(70, 20, 10));
		assertThat(share(cohorts, "v0")).isCloseTo(0.7, Offset.offset(0.01));
		assertThat(share(cohorts, "v1")).isCloseTo(0.2, Offset.offset(0.01));
		assertThat(share(cohorts, "v2")).isCloseTo(0.1, Offset.offset(0.01));
	}

	@Test
	void raisedWeightOnlyAddsUsers() {
		List<String> before = cohorts(split(90, 10));
		for (int weight : new int[] { 20, 50, 100 }) {
			List<String> after = cohorts(split(100 - weight, weight));
			for (int user = 0; user < USERS; user++) {
				if (before.get(user).equals("v1")) {
					assertThat(after.get(user)).isEqualTo("v1");
				}
			}
			assertThat(share(after, "v1")).isCloseTo(weight / 100.0, Offset.offset(0.01));
			before = after;
		}
	}

	@Test
	void destinationThatLeavesMovesItsOwnUsersOnly() {
		List<String> before = cohorts(split(40, 30, 30));
		List<String> after = cohorts(split(40, 30, 0));
		for (int user = 0; user < USERS; user++) {
			if (!before.get(user).equals("v2")) {
				assertThat(after.get(user)).isEqualTo(before.get(user));
			}
		}
	}

	@Test
	void cohortHasTheSameDestinationInEveryVersion() {
		// Users stay where they are when their callers are updated one after the other.
		StringBuilder destinations = new StringBuilder();
		for (long cohort = 1; cohort <= 16; cohort++) {
			destinations.append(WeightedSplit.byCohort(split(50, 50), cohort * 0x9E3779B97F4A7C15L).key().subset());
		}
		assertThat(destinations).hasToString(PINNED);
	}

	private Map<String, Integer> calls(List<RouteDestination> split) {
		Map<String, Integer> calls = new HashMap<>();
		for (int i = 0; i < USERS; i++) {
			calls.merge(WeightedSplit.byChance(split, this.random.nextLong()).key().subset(), 1, Integer::sum);
		}
		return calls;
	}

	private static List<String> cohorts(List<RouteDestination> split) {
		List<String> destinations = new ArrayList<>();
		SplittableRandom cohorts = new SplittableRandom(7);
		for (int user = 0; user < USERS; user++) {
			destinations.add(WeightedSplit.byCohort(split, cohorts.nextLong()).key().subset());
		}
		return destinations;
	}

	private static double share(List<String> destinations, String subset) {
		return destinations.stream().filter(subset::equals).count() / (double) destinations.size();
	}

	private static List<RouteDestination> split(int... weights) {
		List<RouteDestination> split = new ArrayList<>();
		for (int i = 0; i < weights.length; i++) {
			split.add(new RouteDestination(new DestinationKey("orders", "v" + i), weights[i], HeaderOperations.NONE));
		}
		return split;
	}

}
