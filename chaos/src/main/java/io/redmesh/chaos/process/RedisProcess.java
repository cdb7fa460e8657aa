package io.redmesh.chaos.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A redis-server that is started, frozen and killed. It starts again with all of its
 * data, with none, or with that of an earlier moment.
 * <p>
 * Safe for use by many threads, one of which at a time starts and ends it.
 */
public final class RedisProcess extends RestartableProcess implements RedisSetup {

	private static final String BINARY = RedisBinary.get().path().toString();

	private final Path directory;

	private final Path data;

	private final int port = Ports.free();

	private final List<String> options;

	/**
	 * Creates the process without starting it. Writes are in its append-only file before
	 * it responds, so {@code kill -9} alone loses nothing.
	 * @param directory the directory of its data and its log
	 * @param options more options, as on a command line
	 */
	public RedisProcess(Path directory, String... options) {
		this(directory,
				Stream
					.concat(Stream.of("--appendonly", "yes", "--appendfsync", "no", "--repl-diskless-sync-delay", "0"),
							Stream.of(options))
					.toList());
	}

	private RedisProcess(Path directory, List<String> options) {
		super(directory, "redis.log");
		this.directory = directory;
		this.data = directory.resolve("data");
		this.options = options;
	}

	/**
	 * Creates a process without starting it, which loses all data when it ends.
	 * @param directory the directory of its log
	 * @return the process
	 */
	public static RedisProcess inMemory(Path directory) {
		return new RedisProcess(directory, List.of("--appendonly", "no"));
	}

	public int port() {
		return this.port;
	}

	@Override
	public List<String> properties() {
		return List.of("spring.data.redis.url=redis://127.0.0.1:" + this.port);
	}

	@Override
	public void start() {
		List<String> command = new ArrayList<>(List.of(BINARY, "--port", Integer.toString(this.port), "--bind",
				"127.0.0.1", "--dir", this.data.toString(), "--save", ""));
		command.addAll(this.options);
		begin(command);
	}

	/** Starts the process as a Sentinel, with a configuration file instead of options. */
	void startSentinel(Path configuration) {
		begin(List.of(BINARY, configuration.toString(), "--sentinel"));
	}

	private void begin(List<String> command) {
		try {
			Files.createDirectories(this.data);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		launch(command);
		await("Redis at " + this.port, Duration.ofSeconds(20), this::answers);
	}

	private boolean answers() {
		try {
			return "PONG".equals(RedisWire.call(this.port, "PING"));
		}
		catch (IllegalStateException ex) {
			// Redis is still loading its data.
			return false;
		}
	}

	/**
	 * Sends a command to Redis.
	 * @param command the command and its arguments
	 * @return a text, a number, a list, or null
	 */
	public @Nullable Object call(String... command) {
		return RedisWire.call(this.port, command);
	}

	/** Deletes its data. Must not be called while Redis runs. */
	public void forget() {
		delete(this.data);
	}

	/** Keeps a copy of its current data. */
	public void remember() {
		delete(this.directory.resolve("copy"));
		copy(this.data, this.directory.resolve("copy"));
	}

	/** Replaces its data with the copy. Must not be called while Redis runs. */
	public void goBack() {
		delete(this.data);
		copy(this.directory.resolve("copy"), this.data);
	}

	private static void delete(Path directory) {
		if (!Files.exists(directory)) {
			return;
		}
		try (Stream<Path> paths = Files.walk(directory)) {
			for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
				Files.deleteIfExists(path);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void copy(Path from, Path to) {
		try (Stream<Path> paths = Files.walk(from)) {
			for (Path path : paths.toList()) {
				Files.copy(path, to.resolve(from.relativize(path).toString()));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
