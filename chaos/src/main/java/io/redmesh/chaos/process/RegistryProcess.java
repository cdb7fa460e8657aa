package io.redmesh.chaos.process;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A registry server in a process of its own. It keeps its port when it restarts. */
public final class RegistryProcess extends JavaProcess {

	private static final String MAIN = "io.redmesh.registry.RegistryServerApplication";

	private final int port;

	/**
	 * Creates the process without starting it. The server must be on the class path of
	 * this JVM.
	 * @param directory the directory of its log
	 * @param name the name of its log
	 * @param properties the properties of the server, as {@code name=value}
	 */
	public RegistryProcess(Path directory, String name, List<String> properties) {
		this(directory, name, Ports.free(), List.of(), properties);
	}

	private RegistryProcess(Path directory, String name, int port, List<String> java, List<String> properties) {
		super(directory, name, command(java, port, properties));
		this.port = port;
	}

	/**
	 * Creates the process of an executable jar without starting it.
	 * @param directory the directory of its log
	 * @param name the name of its log
	 * @param options the options of the JVM
	 * @param jar the executable jar of the server
	 * @param properties the properties of the server, as {@code name=value}
	 * @return the process
	 */
	public static RegistryProcess ofJar(Path directory, String name, List<String> options, Path jar,
			List<String> properties) {
		List<String> java = new ArrayList<>(options);
		java.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
		return new RegistryProcess(directory, name, Ports.free(), java, properties);
	}

	private static List<String> command(List<String> java, int port, List<String> properties) {
		List<String> arguments = Stream
			.concat(Stream.of("server.port=" + port, "server.address=127.0.0.1"), properties.stream())
			.map((property) -> "--" + property)
			.toList();
		return java.isEmpty() ? small(MAIN, arguments) : Stream.concat(java.stream(), arguments.stream()).toList();
	}

	public int port() {
		return this.port;
	}

	/** Returns the URL of the server, without a path. */
	public URI url() {
		return URI.create("http://127.0.0.1:" + this.port);
	}

	/** Waits until the server responds, which it does without Redis, too. */
	public void awaitLive() {
		awaitOk(url().resolve("/actuator/health/liveness"));
	}

	/** Waits until the server is ready for the requests of clients. */
	public void awaitReady() {
		awaitOk(url().resolve("/actuator/health/readiness"));
	}

}
