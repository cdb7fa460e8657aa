package io.redmesh.registry.chaos.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.redmesh.registry.RegistryServerApplication;
import org.jspecify.annotations.Nullable;

/**
 * One registry server in a JVM of its own, from the class path of this one. Keeps its
 * port from start to start.
 * <p>
 * Safe for use by many threads, one of which at a time starts and ends it.
 */
public final class RegistryProcess implements AutoCloseable {

	/** Long, since several start at once and perhaps on a machine that is busy. */
	private static final Duration START_LIMIT = Duration.ofMinutes(3);

	private final Path directory;

	private final String name;

	private final int port = Ports.free();

	private final List<String> properties;

	private volatile @Nullable ChildProcess process;

	/**
	 * Creates it, not started.
	 * @param directory for its log
	 * @param name the name of its log
	 * @param properties as {@code name=value}
	 */
	public RegistryProcess(Path directory, String name, List<String> properties) {
		this.directory = directory;
		this.name = name;
		this.properties = List.copyOf(properties);
	}

	public int port() {
		return this.port;
	}

	/** Starts it, without waiting. */
	public void start() {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xms32m", "-Xmx256m",
						"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-cp",
						System.getProperty("java.class.path"), RegistryServerApplication.class.getName(),
						"--server.port=" + this.port, "--server.address=127.0.0.1"));
		this.properties.forEach((property) -> command.add("--" + property));
		this.process = ChildProcess.start(this.directory, this.directory.resolve(this.name + ".log"), command);
	}

	/** Waits until it answers. */
	public void awaitReady() {
		Waiting.until(this.name + " answers, see " + this.directory, START_LIMIT, () -> {
			ChildProcess current = this.process;
			if (current == null || !current.isAlive()) {
				throw new IllegalStateException(this.name + " has ended, see its log in " + this.directory);
			}
			return answers();
		});
	}

	private boolean answers() {
		try {
			HttpURLConnection connection = (HttpURLConnection) URI
				.create("http://127.0.0.1:" + this.port + "/actuator/health/liveness")
				.toURL()
				.openConnection();
			connection.setConnectTimeout(1000);
			connection.setReadTimeout(2000);
			return connection.getResponseCode() == 200;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public boolean isRunning() {
		ChildProcess current = this.process;
		return current != null && current.isAlive();
	}

	/** As {@code kill -9} does. */
	public void kill() {
		ChildProcess current = this.process;
		if (current != null) {
			current.kill();
		}
	}

	/** As an operator stops it. */
	public void terminate() {
		ChildProcess current = this.process;
		if (current != null) {
			current.terminate();
			Waiting.until(this.name + " ends", Duration.ofSeconds(30), () -> !current.isAlive());
		}
	}

	public void freeze() {
		ChildProcess current = this.process;
		if (current != null) {
			current.freeze();
		}
	}

	public void thaw() {
		ChildProcess current = this.process;
		if (current != null) {
			current.thaw();
		}
	}

	@Override
	public void close() {
		kill();
	}

}
