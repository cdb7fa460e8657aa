package io.redmesh.benchmarks.tail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The options of the command line.
 *
 * @param warmUp seconds of load before calls count
 * @param counted seconds in which calls count; some scenarios take a fixed multiple
 * @param grace seconds in which calls must end
 * @param threads the number of threads for the calls of blocking clients
 * @param clients the clients to use; a scenario's own choice if empty
 * @param balancing names of LoadBalancing, or ALL; the usual ones if empty
 * @param scenarios the names of the scenarios; all if empty
 */
record Options(double warmUp, double counted, double grace, int threads, List<Client> clients, List<String> balancing,
		List<String> scenarios) {

	static final String HELP = """
			benchmarks/run tail [OPTIONS] [SCENARIO...]
			  SCENARIO: healthy slow flaky failing blackhole failfast chain overload zone; all of them by default
			  --warm-up=5         seconds of load before calls count
			  --counted=15        seconds in which calls count; the times of longer scenarios are scaled with it
			  --grace=20          seconds in which calls must end
			  --threads=400       threads for the calls of blocking clients
			  --clients=JDK,...   of JDK, APACHE, REACTOR_NETTY, WEB_CLIENT; a scenario's own choice by default
			  --balancing=ALL     ALL, or names of LoadBalancing; ROUND_ROBIN and LEAST_REQUEST by default.
			                      The default balancing is always played""";

	private static final Set<String> NAMES = Set.of("warm-up", "counted", "grace", "threads", "clients", "balancing");

	static Options parse(List<String> arguments) {
		Map<String, String> given = new HashMap<>();
		List<String> scenarios = new ArrayList<>();
		for (String argument : arguments) {
			int equals = argument.indexOf('=');
			if (!argument.startsWith("--")) {
				scenarios.add(argument);
			}
			else if (equals > 0 && NAMES.contains(argument.substring(2, equals))) {
				given.put(argument.substring(2, equals), argument.substring(equals + 1));
			}
			else {
				throw new IllegalArgumentException("unknown option: " + argument);
			}
		}
		return new Options(number(given, "warm-up", 5), number(given, "counted", 15), number(given, "grace", 20),
				(int) number(given, "threads", 400), names(given, "clients").stream().map(Client::valueOf).toList(),
				names(given, "balancing"), scenarios);
	}

	private static double number(Map<String, String> given, String name, double otherwise) {
		return Double.parseDouble(given.getOrDefault(name, Double.toString(otherwise)));
	}

	private static List<String> names(Map<String, String> given, String name) {
		String names = given.getOrDefault(name, "").toUpperCase(Locale.ROOT).replace('-', '_');
		return names.isEmpty() ? List.of() : Arrays.asList(names.split(","));
	}

	List<Client> clientsOr(Client... own) {
		return this.clients.isEmpty() ? List.of(own) : this.clients;
	}

	/** Scales a time with {@code --counted} to whole seconds, at least 2. */
	int scaled(double seconds) {
		return Math.max(2, (int) Math.round(seconds * this.counted / 15));
	}

}
