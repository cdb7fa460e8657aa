package io.redmesh.benchmarks.load;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import redis.embedded.core.ExecutableProvider;

/**
 * A redis-server binary: the machine's own, or else that of the library embedded-redis.
 *
 * @param path the binary
 * @param origin the origin, for a report
 */
public record RedisBinary(Path path, String origin) {

	public static RedisBinary find(Path directory) throws IOException {
		for (String entry : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
			Path candidate = Path.of(entry, "redis-server");
			if (Files.isExecutable(candidate)) {
				return new RedisBinary(candidate, "of this machine");
			}
		}
		return new RedisBinary(ExecutableProvider.newJarResourceProvider(directory.toFile()).get().toPath(),
				"of embedded-redis");
	}

	public String version() throws IOException {
		Process process = new ProcessBuilder(this.path.toString(), "--version").start();
		return new String(process.getInputStream().readAllBytes()).replaceAll("(?s).*v=(\\S+).*", "$1");
	}

	public Child start(Path log, int port) throws IOException {
		return Child.start(log, List.of(this.path.toString(), "--port", Integer.toString(port), "--bind", "127.0.0.1",
				"--save", "", "--appendonly", "no"));
	}

}
