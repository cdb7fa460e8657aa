package io.redmesh.chaos.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import redis.embedded.core.ExecutableProvider;

/**
 * The redis-server binary of all processes: the machine's own, or else that of the
 * library embedded-redis.
 *
 * @param path the binary
 * @param origin the origin, for a report
 */
public record RedisBinary(Path path, String origin) {

	private static final RedisBinary FOUND = find();

	/** Returns the binary, which is searched for once. */
	public static RedisBinary get() {
		return FOUND;
	}

	private static RedisBinary find() {
		for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
			Path candidate = Path.of(directory, "redis-server");
			if (Files.isExecutable(candidate)) {
				return new RedisBinary(candidate, "of this machine");
			}
		}
		try {
			Path directory = Files.createTempDirectory("redis");
			Path binary = ExecutableProvider.newJarResourceProvider(directory.toFile()).get().toPath();
			// The JVM deletes in reverse order, and only empty directories.
			directory.toFile().deleteOnExit();
			binary.toFile().deleteOnExit();
			return new RedisBinary(binary, "of embedded-redis");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Reads the version of the binary.
	 * @return the version, such as {@code 7.0.15}
	 * @throws IOException if the binary cannot be run
	 */
	public String version() throws IOException {
		Process process = new ProcessBuilder(this.path.toString(), "--version").start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		return output.replaceAll("(?s).*v=(\\S+).*", "$1");
	}

}
