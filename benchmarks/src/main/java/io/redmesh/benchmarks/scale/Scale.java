package io.redmesh.benchmarks.scale;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import io.redmesh.chaos.process.RedisBinary;

/**
 * The scale benchmark: one registry server on one Redis under the load of a large mesh.
 * It also measures the recovery from the loss of all data, and the time of a restart.
 */
public final class Scale {

	private Scale() {
	}

	/**
	 * Runs the measurement and prints its figures.
	 * @param arguments the registry server's executable jar, a directory for logs, then
	 * the parts to run: {@code watchers instances}, both by default
	 * @throws Exception if the server or Redis cannot be started
	 */
	public static void main(String[] arguments) throws Exception {
		List<String> parts = (arguments.length > 2) ? Arrays.asList(arguments).subList(2, arguments.length)
				: List.of("watchers", "instances");
		Path jar = Path.of(arguments[0]);
		Path directory = Files.createDirectories(Path.of(arguments[1]).toAbsolutePath());
		RedisBinary redis = RedisBinary.get();
		Report.line("JDK %s; redis-server %s %s; %d processors", Runtime.version().feature(), redis.version(),
				redis.origin(), Runtime.getRuntime().availableProcessors());
		for (String part : parts) {
			try (Subject subject = Subject.start(jar, directory)) {
				switch (part) {
					case "watchers" -> WatchersPart.run(subject);
					case "instances" -> InstancesPart.run(subject);
					default -> throw new IllegalArgumentException(part);
				}
			}
		}
		System.exit(0);
	}

}
