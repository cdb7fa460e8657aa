package io.redmesh.registry.chaos.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.redmesh.registry.RegistryServerApplication;

/** One registry server. Keeps its port from start to start. */
public final class RegistryProcess extends JavaProcess {

	/** Long, since several start at once and perhaps on a machine that is busy. */
	private static final Duration START_LIMIT = Duration.ofMinutes(3);

	private final String name;

	private final int port;

	/**
	 * Creates it, not started.
	 * @param directory for its log
	 * @param name the name of its log
	 * @param properties as {@code name=value}
	 */
	public RegistryProcess(Path directory, String name, List<String> properties) {
		this(directory, name, properties, Ports.free());
	}

	private RegistryProcess(Path directory, String name, List<String> properties, int port) {
		super(directory, name, RegistryServerApplication.class,
				Stream.concat(Stream.of("server.port=" + port, "server.address=127.0.0.1"), properties.stream())
					.map((property) -> "--" + property)
					.toList());
		this.name = name;
		this.port = port;
	}

	public int port() {
		return this.port;
	}

	/** Waits until it answers. */
	public void awaitReady() {
		await(this.name, START_LIMIT, this::answers);
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

}
