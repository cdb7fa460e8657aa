package io.redmesh.demo.launcher;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/** The demo as processes of this machine, which end with the launcher. */
final class ProcessFleet implements Fleet {

	private static final int REGISTRY_PORT = 8761;

	private static final int STOREFRONT_PORT = 8080;

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(8);

	private static final Duration START_TIMEOUT = Duration.ofMinutes(4);

	private final Path root;

	private final Path logs;

	private final @Nullable String redis;

	private final List<Integer> registryPorts;

	private final int storefrontPort;

	private final Map<String, ChildProcess> processes = new LinkedHashMap<>();

	private final Map<String, Network> networks = new LinkedHashMap<>();

	private final boolean cuttable;

	private boolean closed;

	/**
	 * Chooses the ports; nothing is started yet.
	 * @param root the folder of the project, built
	 * @param redis the URL of the Redis that keeps the registry's data, or {@code null}
	 * for the registry's memory
	 * @param registries the number of registry servers to start
	 * @param cuttable whether each app reaches them over a {@link Network} of its own
	 */
	ProcessFleet(Path root, @Nullable String redis, int registries, boolean cuttable) throws IOException {
		this.root = root;
		this.cuttable = cuttable;
		this.logs = Files.createDirectories(root.resolve("demo-apps/logs"));
		this.redis = redis;
		List<Integer> ports = new ArrayList<>();
		for (int candidate = REGISTRY_PORT; ports.size() < registries; candidate++) {
			candidate = freePort(candidate);
			ports.add(candidate);
		}
		this.registryPorts = List.copyOf(ports);
		this.storefrontPort = freePort(STOREFRONT_PORT);
	}

	/** Returns the first free port from the given one on. */
	static int freePort(int first) throws IOException {
		for (int port = first; port < first + 200; port++) {
			try (ServerSocket socket = new ServerSocket()) {
				socket.setReuseAddress(true);
				socket.bind(new InetSocketAddress(port));
				return port;
			}
			catch (IOException ex) {
				// In use.
			}
		}
		throw new IOException("No free port from %d on".formatted(first));
	}

	@Override
	public void start(Console console) throws IOException, InterruptedException {
		printChangedPorts(console);
		Path registry = jar("registry-server/target", "registry-server-*-exec.jar");
		for (int i = 0; i < this.registryPorts.size(); i++) {
			List<String> arguments = new ArrayList<>(List.of("--server.port=" + this.registryPorts.get(i)));
			Optional.ofNullable(this.redis).ifPresent((url) -> arguments.add("--spring.data.redis.url=" + url));
			launch("registry-" + (i + 1), registry, "-Xmx256m", arguments);
		}
		for (URI uri : registries()) {
			Probe.awaitResponse(uri, START_TIMEOUT);
		}
		console.step("registry: %s, %s", join(registries()), (this.redis != null) ? "data in Redis" : "data in memory");
		launchAll("orders", ORDERS, List.of());
		launchAll("inventory", INVENTORY, List.of());
		launchAll("storefront", STOREFRONT, List.of("--server.port=" + this.storefrontPort));
	}

	private void printChangedPorts(Console console) {
		int last = REGISTRY_PORT + this.registryPorts.size() - 1;
		if (this.registryPorts.get(this.registryPorts.size() - 1) != last) {
			console.say("Port %d is in use; the registry uses %s.".formatted(REGISTRY_PORT, this.registryPorts));
		}
		if (this.storefrontPort != STOREFRONT_PORT) {
			console.say("Port %d is in use; the storefront uses %d.".formatted(STOREFRONT_PORT, this.storefrontPort));
		}
	}

	private void launchAll(String service, int count, List<String> more) throws IOException {
		Path jar = jar("demo-apps/" + service + "/target", "demo-" + service + "-*.jar");
		for (int i = 1; i <= count; i++) {
			List<String> arguments = new ArrayList<>(more);
			arguments.add("--mesh.registry.url=" + join(registriesOf(service + "-" + i)));
			launch(service + "-" + i, jar, "-Xmx192m", arguments);
		}
	}

	private synchronized List<URI> registriesOf(String member) throws IOException {
		if (!this.cuttable) {
			return registries();
		}
		Network network = new Network(registries());
		this.networks.put(member, network);
		return network.uris();
	}

	/** Returns the network between a member and the registry. */
	synchronized Network network(String member) {
		Network network = this.networks.get(member);
		if (network == null) {
			throw new IllegalArgumentException("No network of " + member);
		}
		return network;
	}

	private synchronized void launch(String member, Path jar, String heap, List<String> arguments) throws IOException {
		if (this.closed) {
			throw new IOException("The demo is being stopped");
		}
		Path log = this.logs.resolve(member + ".log");
		Files.deleteIfExists(log);
		this.processes.put(member, ChildProcess.java(jar, heap, arguments, log));
	}

	private Path jar(String folder, String glob) throws IOException {
		try (DirectoryStream<Path> found = Files.newDirectoryStream(this.root.resolve(folder), glob)) {
			for (Path jar : found) {
				return jar;
			}
		}
		throw new IOException("No %s in %s: build first, with demo-apps/run".formatted(glob, folder));
	}

	private static String join(Collection<URI> uris) {
		return uris.stream().map(URI::toString).collect(Collectors.joining(","));
	}

	@Override
	public URI storefront() {
		return URI.create("http://localhost:" + this.storefrontPort);
	}

	@Override
	public List<URI> registries() {
		return this.registryPorts.stream().map((port) -> URI.create("http://localhost:" + port)).toList();
	}

	@Override
	public List<String> members(String service) {
		int count = switch (service) {
			case "registry" -> this.registryPorts.size();
			case "orders" -> ORDERS;
			case "inventory" -> INVENTORY;
			case "storefront" -> STOREFRONT;
			default -> 0;
		};
		return IntStream.rangeClosed(1, count).mapToObj((number) -> service + "-" + number).toList();
	}

	@Override
	public void kill(String member) throws InterruptedException {
		process(member).kill();
	}

	@Override
	public void stop(String member) throws InterruptedException {
		process(member).stop();
	}

	@Override
	public synchronized void start(String member) throws IOException {
		if (!this.closed) {
			process(member).startAgain();
		}
	}

	@Override
	public List<String> log(String member) throws IOException {
		return Files.readAllLines(process(member).log());
	}

	private synchronized ChildProcess process(String member) {
		ChildProcess process = this.processes.get(member);
		if (process == null) {
			throw new IllegalArgumentException("No member " + member);
		}
		return process;
	}

	@Override
	public boolean refuses() {
		return true;
	}

	/**
	 * Stops the apps, which deregister, and then the registry servers. Kills processes
	 * that take longer than 8 s.
	 */
	@Override
	public synchronized void close() {
		if (this.closed) {
			return;
		}
		this.closed = true;
		end(false);
		end(true);
		this.networks.values().forEach(Network::close);
	}

	private void end(boolean registry) {
		List<ChildProcess> ending = this.processes.entrySet()
			.stream()
			.filter((process) -> process.getKey().startsWith("registry-") == registry)
			.map(Map.Entry::getValue)
			.toList();
		ending.forEach(ChildProcess::terminate);
		long deadline = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
		ending.forEach((process) -> process.endBy(deadline));
	}

}
