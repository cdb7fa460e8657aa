package io.redmesh.benchmarks.load;

import java.util.List;
import java.util.stream.Stream;

/** The arguments of the JVMs under measurement, which all have the same heap. */
public final class JvmArguments {

	private JvmArguments() {
	}

	/**
	 * Returns arguments of the command {@code java}.
	 * @param more the arguments after those that all JVMs have
	 * @return all arguments
	 */
	public static List<String> of(String... more) {
		return Stream.concat(Stream.of("-Xmx512m"), Stream.of(more)).toList();
	}

}
