package io.redmesh.demo.launcher;

import java.util.Iterator;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The options of the command line.
 *
 * @param check whether to play the scenario and end, rather than run until stopped
 * @param faults whether to play the scenario in which Redis fails, and end
 * @param partition whether to play the scenario in which members lose the registry, and
 * then end
 * @param compose whether the demo is the containers of the compose file
 * @param redis the URL of the Redis that keeps the registry's data, or {@code null} for
 * the registry's memory
 * @param registries the number of registry servers to start
 * @param rate calls per second in the scenario, or 0 for a rate that suits the machine
 */
record Options(boolean check, boolean faults, boolean partition, boolean compose, @Nullable String redis,
		int registries, int rate) {

	Options {
		if (registries < 1 || registries > 9) {
			throw new IllegalArgumentException("--registries: %d (expected: 1 to 9)".formatted(registries));
		}
		if (faults && (check || compose || redis != null)) {
			throw new IllegalArgumentException(
					"--faults has its own scenario and Redis: omit --check, --compose and --redis");
		}
		if (partition && (check || faults || compose)) {
			throw new IllegalArgumentException(
					"--partition has its own scenario: omit --check, --faults and --compose");
		}
		if (registries > 1 && redis == null && !faults) {
			throw new IllegalArgumentException("--registries needs --redis URL: without Redis, servers share no data");
		}
		if (compose && redis != null) {
			throw new IllegalArgumentException("--compose has its own Redis: omit --redis");
		}
		if (compose && !check) {
			throw new IllegalArgumentException(
					"--compose needs --check: the containers are started with docker compose");
		}
	}

	/**
	 * Parses the command line.
	 * @throws IllegalArgumentException with a message for the user
	 */
	static Options parse(List<String> arguments) {
		boolean check = false;
		boolean faults = false;
		boolean partition = false;
		boolean compose = false;
		String redis = null;
		Integer registries = null;
		int rate = 0;
		Iterator<String> rest = arguments.iterator();
		while (rest.hasNext()) {
			String option = rest.next();
			switch (option) {
				case "--check" -> check = true;
				case "--faults" -> faults = true;
				case "--partition" -> partition = true;
				case "--compose" -> compose = true;
				case "--redis" -> redis = value(option, rest);
				case "--registries" -> registries = number(option, rest);
				case "--rate" -> rate = rate(number(option, rest));
				default -> throw new IllegalArgumentException("%s: unknown option".formatted(option));
			}
		}
		int servers = (registries != null) ? registries : (faults ? 2 : 1);
		return new Options(check, faults, partition, compose, redis, servers, rate);
	}

	private static int rate(int perSecond) {
		if (perSecond < 1 || perSecond > 1000) {
			throw new IllegalArgumentException("--rate: %d (expected: 1 to 1000)".formatted(perSecond));
		}
		return perSecond;
	}

	private static String value(String option, Iterator<String> rest) {
		if (!rest.hasNext()) {
			throw new IllegalArgumentException(option + " needs a value");
		}
		return rest.next();
	}

	private static int number(String option, Iterator<String> rest) {
		String value = value(option, rest);
		try {
			return Integer.parseInt(value);
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("%s: %s (expected: a number)".formatted(option, value), ex);
		}
	}

}
