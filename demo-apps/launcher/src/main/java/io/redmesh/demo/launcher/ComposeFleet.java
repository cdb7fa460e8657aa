package io.redmesh.demo.launcher;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The demo as the containers of the project's compose file. The launcher neither creates
 * nor removes them.
 */
final class ComposeFleet implements Fleet {

	private static final List<String> REGISTRIES = List.of("registry-1", "registry-2");

	private final Path root;

	private final List<String> compose;

	private final Map<String, List<String>> containers = new LinkedHashMap<>();

	private final List<URI> registries;

	private final URI storefront;

	/**
	 * Finds the containers of the running project. It is the project that compose itself
	 * would choose.
	 * @param root the folder of the compose file
	 */
	ComposeFleet(Path root) throws IOException, InterruptedException {
		this.root = root;
		this.compose = hasPlugin() ? List.of("docker", "compose") : List.of("docker-compose");
		for (String service : List.of("orders", "inventory", "storefront")) {
			this.containers.put(service, containers(service));
		}
		List<String> servers = new ArrayList<>();
		for (String registry : REGISTRIES) {
			servers.addAll(containers(registry));
		}
		this.containers.put("registry", servers);
		this.registries = List.of(address("registry-1", 8761), address("registry-2", 8761));
		this.storefront = address("storefront", 8080);
	}

	private boolean hasPlugin() throws InterruptedException {
		try {
			run(List.of("docker", "compose", "version"));
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private List<String> containers(String service) throws IOException, InterruptedException {
		List<String> found = new ArrayList<>();
		for (String id : compose("ps", "-q", service)) {
			found.addAll(run(List.of("docker", "inspect", "--format", "{{slice .Name 1}}", id)));
		}
		if (found.isEmpty()) {
			throw new IOException("No container of %s runs: start them with docker compose up".formatted(service));
		}
		return found.stream().sorted().toList();
	}

	private URI address(String service, int port) throws IOException, InterruptedException {
		String published = compose("port", service, String.valueOf(port)).get(0);
		return URI.create("http://localhost" + published.substring(published.lastIndexOf(':')));
	}

	@Override
	public void start(Console console) {
		console.step("found the containers %s", this.containers);
	}

	@Override
	public URI storefront() {
		return this.storefront;
	}

	@Override
	public List<URI> registries() {
		return this.registries;
	}

	@Override
	public List<String> members(String service) {
		return this.containers.getOrDefault(service, List.of());
	}

	@Override
	public void kill(String member) throws IOException, InterruptedException {
		run(List.of("docker", "kill", member));
	}

	@Override
	public void stop(String member) throws IOException, InterruptedException {
		run(List.of("docker", "stop", "-t", String.valueOf(STOP_TIMEOUT.toSeconds()), member));
	}

	@Override
	public void start(String member) throws IOException, InterruptedException {
		run(List.of("docker", "start", member));
	}

	@Override
	public List<String> log(String member) throws IOException, InterruptedException {
		return run(List.of("docker", "logs", member));
	}

	@Override
	public boolean refuses() {
		return false;
	}

	@Override
	public void close() {
		// Nothing was started.
	}

	private List<String> compose(String... arguments) throws IOException, InterruptedException {
		return run(Stream.of(this.compose, List.of(arguments)).flatMap(List::stream).toList());
	}

	private List<String> run(List<String> command) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(command).directory(this.root.toFile())
			.redirectErrorStream(true)
			.redirectInput(Redirect.INHERIT)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (process.waitFor() != 0) {
			throw new IOException("%s: %s".formatted(String.join(" ", command), output.strip()));
		}
		return output.lines().toList();
	}

}
