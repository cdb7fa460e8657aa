package io.redmesh.benchmarks.tail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.redmesh.benchmarks.tail.OpenLoop.Phase;

/**
 * The tail benchmark: plays scenarios with real servers and clients on this machine. It
 * prints a table of each scenario, and writes all tables and a plot to files.
 */
public final class Tail {

	private static final double REHEARSAL_RATE = 500;

	private Tail() {
	}

	/**
	 * Plays the scenarios.
	 * @param args the directory for results, then the arguments in {@code --help}
	 */
	public static void main(String[] args) throws Exception {
		List<String> arguments = Arrays.asList(args).subList(1, args.length);
		if (arguments.contains("--help")) {
			System.out.println(Options.HELP);
			return;
		}
		Path directory = Path.of(args[0]);
		Options options = Options.parse(arguments);
		List<Map.Entry<String, Scenario>> scenarios = Scenario.chosen(options.scenarios());
		rehearse(options);
		List<Section> sections = new ArrayList<>();
		System.out.printf("benchmarks/run tail %s%n%s%n", String.join(" ", arguments), machine());
		for (Map.Entry<String, Scenario> scenario : scenarios) {
			Section section = scenario.getValue().play(options);
			System.out.println("\n" + section.markdown());
			sections.add(section);
			// After each scenario, so that an aborted run leaves results.
			write(directory, String.join(" ", arguments), sections);
		}
		// The HTTP clients keep threads running.
		System.exit(0);
	}

	/** Makes calls before the measurement, until the JVM has compiled the common code. */
	private static void rehearse(Options options) throws InterruptedException {
		for (Contender contender : List.of(Contender.byDefault(), Contender.springRetry().get(0))) {
			for (Client client : options.clientsOr(Client.values())) {
				try (Server server = new Server();
						Caller caller = Caller.start(contender, client, List.of(server.instance("")), options)) {
					server.setBehaviour(Behaviour.healthy(5));
					OpenLoop.run(caller, List.of(new Phase(REHEARSAL_RATE, options.warmUp(), false)), List.of(), 10);
				}
			}
		}
	}

	private static String machine() {
		Runtime runtime = Runtime.getRuntime();
		return String.format(Locale.ROOT,
				"%s %s, %d processors, Java %s; servers, clients and load in one process, which may use %,d MiB",
				System.getProperty("os.name"), System.getProperty("os.arch"), runtime.availableProcessors(),
				Runtime.version(), runtime.maxMemory() >> 20);
	}

	private static void write(Path directory, String arguments, List<Section> sections) throws IOException {
		Files.createDirectories(directory);
		StringBuilder report = new StringBuilder();
		report.append("`benchmarks/run tail").append(arguments.isEmpty() ? "" : " " + arguments).append("`\n\n");
		report.append(machine()).append(".\n\n![Latencies](tail.svg)\n");
		sections.forEach((section) -> report.append('\n').append(section.markdown()));
		Files.writeString(directory.resolve("report.md"), report.toString());
		Files.writeString(directory.resolve("tail.svg"), Plot.draw(sections.stream().map(Section::panels).toList()));
	}

}
