package io.redmesh.chaos.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A registry server in a process of its own. It keeps its port when it restarts. The
 * server must be on the class path of this process, which uses it by HTTP only.
 */
public final class RegistryProcess extends JavaProcess {

	private static final String MAIN = "io.redmesh.registry.RegistryServerApplication";

	/**
	 * The limit for a start. It is long, since several servers start at once, perhaps on
	 * a busy machine.
	 */
	private static final Duration START_LIMIT = Duration.ofMinutes(3);

	private final String name;

	private final int port;

	/**
	 * Creates the process without starting it.
	 * @param directory the directory of its log
	 * @param name the name of its log
	 * @param properties the properties of the server, as {@code name=value}
	 */
	public RegistryProcess(Path directory, String name, List<String> properties) {
		this(directory, name, properties, Ports.free());
	}

	private RegistryProcess(Path directory, String name, List<String> properties, int port) {
		super(directory, name, MAIN,
				Stream.concat(Stream.of("server.port=" + port, "server.address=127.0.0.1"), properties.stream())
					.map((property) -> "--" + property)
					.toList());
		this.name = name;
		this.port = port;
	}

	public int port() {
		return this.port;
	}

	/** Waits until the server responds. */
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
