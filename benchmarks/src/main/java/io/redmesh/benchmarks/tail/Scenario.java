package io.redmesh.benchmarks.tail;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One bad day. */
@FunctionalInterface
interface Scenario {

	/** Lets all contenders live through it. */
	Section play(Options options) throws Exception;

	/** All of them, under their names. */
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

	/** Those that are asked for. */
	static List<Map.Entry<String, Scenario>> chosen(List<String> names) {
		Map<String, Scenario> all = all();
		names.stream().filter((name) -> !all.containsKey(name)).forEach((name) -> {
			throw new IllegalArgumentException("no such scenario: " + name + ", there are " + all.keySet());
		});
		return all.entrySet().stream().filter((entry) -> names.isEmpty() || names.contains(entry.getKey())).toList();
	}

}
