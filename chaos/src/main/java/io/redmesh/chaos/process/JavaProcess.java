package io.redmesh.chaos.process;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A JVM in a process of its own, of the same Java as this one. Its working directory is
 * that of its log.
 */
public class JavaProcess extends RestartableProcess {

	/**
	 * The limit for a start. It is long, since several JVMs start at once, perhaps on a
	 * busy machine.
	 */
	private static final Duration START_LIMIT = Duration.ofMinutes(3);

	private final String name;

	private final List<String> command;

	/**
	 * Creates the process without starting it.
	 * @param directory the directory of its log
	 * @param name the name of its log
	 * @param arguments the arguments of the command {@code java}
	 */
	public JavaProcess(Path directory, String name, List<String> arguments) {
		super(directory, name + ".log");
		this.name = name;
		this.command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
		this.command.addAll(arguments);
	}

	/**
	 * Returns arguments for a small JVM that starts quickly, with the class path of this
	 * one.
	 * @param main the name of the class to run
	 * @param arguments its arguments
	 * @return the arguments of the command {@code java}
	 */
	protected static List<String> small(String main, List<String> arguments) {
		List<String> all = new ArrayList<>(List.of("-Xms32m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
				"-XX:-UsePerfData", "-cp", classPath(), main));
		all.addAll(arguments);
		return all;
	}

	/** Returns the class path of this JVM, which holds in any working directory. */
	public static String classPath() {
		return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.map((entry) -> Path.of(entry).toAbsolutePath().toString())
			.collect(Collectors.joining(File.pathSeparator));
	}

	/** Starts the process without waiting. */
	public void start() {
		launch(this.command);
	}

	/**
	 * Starts the process without waiting, with its output on a pipe instead of in the
	 * log.
	 * @return its output
	 */
	public BufferedReader startPiped() {
		return launchPiped(this.command);
	}

	/**
	 * Waits until the process responds to a GET with 200.
	 * @param url the URL
	 * @throws IllegalStateException if the process ends, or does not respond for minutes
	 */
	public void awaitOk(URI url) {
		await(this.name, START_LIMIT, () -> isOk(url));
	}

	private static boolean isOk(URI url) {
		try {
			HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
			connection.setConnectTimeout(1000);
			connection.setReadTimeout(2000);
			return connection.getResponseCode() == 200;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
