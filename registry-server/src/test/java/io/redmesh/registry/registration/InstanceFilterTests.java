package io.redmesh.registry.registration;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.InvalidValueException;
import io.redmesh.core.instance.Locality;
import io.redmesh.core.instance.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tests of the filters of a read, combined at random and compared with their rules. */
class InstanceFilterTests {

	private static final List<String> KEYS = List.of("version", "canary", "a=b");

	private static final List<String> VALUES = List.of("1", "2", "", "x=y");

	private static final List<String> ZONES = List.of("a", "b", "");

	@Test
	void randomFiltersAcceptWhatTheirParametersName() {
		Random random = new Random(22);
		int accepted = 0;
		for (int i = 0; i < 20_000; i++) {
			Map<String, List<String>> query = query(random);
			Instance instance = instance(random);
			boolean expected = isNamed(query, instance);
			accepted += expected ? 1 : 0;
			assertThat(InstanceFilter.of(query).accepts(instance)).as("%s for %s", query, instance).isEqualTo(expected);
		}
		assertThat(accepted).isBetween(2_000, 18_000);
	}

	/** Decides by the reference: any value of one key, all of several keys. */
	private static boolean isNamed(Map<String, List<String>> query, Instance instance) {
		List<String> labels = query.getOrDefault("label", List.of());
		for (String label : labels) {
			String key = label.split("=", 2)[0];
			String own = instance.labels().containsKey(key) ? instance.labels().get(key) : "";
			if (!labels.contains(key + "=" + own)) {
				return false;
			}
		}
		List<String> zones = query.get("zone");
		List<String> statuses = query.get("status");
		return (zones == null || zones.contains(instance.locality().zone()))
				&& (statuses == null || statuses.contains(instance.status().name()));
	}

	private static Map<String, List<String>> query(Random random) {
		Map<String, List<String>> query = new HashMap<>();
		// A key with "=" cannot be asked for: the first one separates.
		some(random).forEach((i) -> add(query, "label",
				KEYS.get(random.nextInt(2)) + "=" + VALUES.get(random.nextInt(VALUES.size()))));
		some(random).forEach((i) -> add(query, "zone", ZONES.get(random.nextInt(ZONES.size()))));
		some(random).forEach((i) -> add(query, "status", Status.values()[random.nextInt(5)].name()));
		if (random.nextBoolean()) {
			add(query, "cursor", "x");
		}
		return query;
	}

	private static List<Integer> some(Random random) {
		return Collections.nCopies(random.nextInt(3), 0);
	}

	private static void add(Map<String, List<String>> query, String name, String value) {
		query.computeIfAbsent(name, (key) -> new ArrayList<>()).add(value);
	}

	private static Instance instance(Random random) {
		Map<String, String> labels = new HashMap<>();
		for (String key : KEYS.subList(0, 2)) {
			if (random.nextInt(3) > 0) {
				labels.put(key, VALUES.get(random.nextInt(VALUES.size())));
			}
		}
		return new Instance("orders", "a", "h", 1, false, 100,
				new Locality("eu", ZONES.get(random.nextInt(ZONES.size())), ""), labels, Map.of(),
				Status.values()[random.nextInt(5)], 0);
	}

	@Test
	void equalFiltersHaveTheSameMarkInWhateverOrderTheyAreWritten() {
		Random random = new Random(23);
		for (int i = 0; i < 2_000; i++) {
			Map<String, List<String>> query = query(random);
			Map<String, List<String>> shuffled = new HashMap<>();
			query.forEach((name, values) -> {
				List<String> copy = new ArrayList<>(values);
				copy.add(values.get(0));
				Collections.shuffle(copy, random);
				shuffled.put(name, copy);
			});
			InstanceFilter filter = InstanceFilter.of(query);
			assertThat(InstanceFilter.of(shuffled)).isEqualTo(filter).hasToString(filter.toString());
			assertThat(InstanceFilter.of(shuffled).mark()).isEqualTo(filter.mark());
		}
	}

	@Test
	void filtersThatDifferHaveOtherMarksAndNoneHasZero() {
		List<Map<String, List<String>>> queries = List.of(Map.of("zone", List.of("a")), Map.of("zone", List.of("b")),
				Map.of("zone", List.of("a", "b")), Map.of("zone", List.of("")), Map.of("label", List.of("a=b")),
				Map.of("label", List.of("a=", "b=")), Map.of("status", List.of("UP")),
				Map.of("status", List.of("UP", "DOWN")));
		assertThat(queries).extracting((query) -> InstanceFilter.of(query).mark())
			.doesNotHaveDuplicates()
			.doesNotContain(0);
		assertThat(InstanceFilter.of(Map.of("cursor", List.of("x"))).mark()).isZero();
		assertThat(InstanceFilter.of(Map.of()).isAll()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "version", "", "=", "=1" })
	void labelWithoutAKeyIsRefused(String label) {
		assertThatExceptionOfType(InvalidValueException.class)
			.isThrownBy(() -> InstanceFilter.of(Map.of("label", List.of("a=b", label))))
			.satisfies((ex) -> assertThat(ex.permitted()).isEqualTo("key=value"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "up", "", "UP ", "UNKNOWN" })
	void statusThatDoesNotExistIsRefused(String status) {
		assertThatExceptionOfType(InvalidValueException.class)
			.isThrownBy(() -> InstanceFilter.of(Map.of("status", List.of("UP", status))))
			.satisfies((ex) -> assertThat(ex.permitted())
				.isEqualTo("one of [STARTING, UP, DRAINING, DOWN, OUT_OF_SERVICE]"));
	}

}
