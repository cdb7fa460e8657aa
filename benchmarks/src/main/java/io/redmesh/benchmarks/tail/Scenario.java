package io.redmesh.benchmarks.tail;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A scenario: a load during which instances fail in a certain way. */
@FunctionalInterface
interface Scenario {

	/** Plays the scenario with all contenders. */
	Section play(Options options) throws Exception;

	/** Returns all scenarios, by name. */
	static Map<String, Scenario> all() {
		BadInstance.Baselines healthy = new BadInstance.Baselines();
		Map<String, Scenario> all = new LinkedHashMap<>();
		for (BadInstance.Badness badness : BadInstance.Badness.values()) {
			all.put(badness.title(), new BadInstance(badness, healthy));
		}
		all.put("chain", new Chain());
		all.put("overload", new Overload());
		all.put("zone", new Zone());
		return all;
	}

	/**
	 * Returns the named scenarios, or all of them without names.
	 * @throws IllegalArgumentException if there is no scenario of a name
	 */
	static List<Map.Entry<String, Scenario>> chosen(List<String> names) {
		Map<String, Scenario> all = all();
		names.stream().filter((name) -> !all.containsKey(name)).forEach((name) -> {
			throw new IllegalArgumentException("unknown scenario: " + name + " (expected: of " + all.keySet() + ")");
		});
		return all.entrySet().stream().filter((entry) -> names.isEmpty() || names.contains(entry.getKey())).toList();
	}

}
