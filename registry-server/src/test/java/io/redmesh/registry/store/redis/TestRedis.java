package io.redmesh.registry.store.redis;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.redmesh.core.net.StablePorts;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import redis.embedded.core.ExecutableProvider;

/**
 * A real redis-server that a test starts, kills and restarts, with clients and stores for
 * it. The binary comes from embedded-redis. This class runs the process itself, because
 * that library can only stop it gracefully.
 */
public final class TestRedis implements AutoCloseable {

	private static final File BINARY = binary();

	private final int port = StablePorts.free();

	private final Path directory = directory();

	private final Timer timer = Timer.start("test-timer");

	private final ClientResources resources = RedisTuning.apply(DefaultClientResources.builder()).build();

	private final List<Runnable> toClose = new ArrayList<>();

	private Process process;

	public static TestRedis started() {
		TestRedis redis = new TestRedis();
		redis.start();
		return redis;
	}

	static TestRedis absent() {
		return new TestRedis();
	}

	public int port() {
		return this.port;
	}

	void start() {
		try {
			this.process = new ProcessBuilder(BINARY.getPath(), "--port", Integer.toString(this.port), "--bind",
					"127.0.0.1", "--dir", this.directory.toString(), "--save", "", "--appendonly", "no")
				.redirectErrorStream(true)
				.start();
			byte[] bytes = new byte[8192];
			StringBuilder log = new StringBuilder();
			while (!log.toString().contains("Ready to accept connections")) {
				int read = this.process.getInputStream().read(bytes);
				if (read < 0) {
					throw new IllegalStateException("redis-server ended: " + log);
				}
				log.append(new String(bytes, 0, read, StandardCharsets.UTF_8));
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Kills the process, as {@code kill -9} does, and waits for its end. */
	void kill() {
		try {
			this.process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Returns the file to which Redis saves, and which it loads at its start. */
	Path dump() {
		return this.directory.resolve("dump.rdb");
	}

	/** Sends a signal to the process, such as {@code STOP}. */
	void signal(String name) throws IOException, InterruptedException {
		new ProcessBuilder("kill", "-" + name, Long.toString(this.process.pid())).start().waitFor();
	}

	/** Drops all of its data. */
	public void empty() {
		commands().flushall();
	}

	RedisLink link() {
		return new RedisLink(client(), this.timer, Time.system());
	}

	RedisRegistryStore store() {
		return store(client());
	}

	/** Creates a store that authenticates as a user with a password. */
	RedisRegistryStore store(String user, String password) {
		return store(client(uri().withAuthentication(user, password)));
	}

	private RedisRegistryStore store(RedisClient client) {
		RedisRegistryStore store = new RedisRegistryStore(client, Runnable::run, this.timer, Time.system(),
				RedisMetrics.none(Time.system()));
		this.toClose.add(0, store::close);
		return store;
	}

	RedisCommands<String, String> commands() {
		StatefulRedisConnection<String, String> connection = client().connect();
		this.toClose.add(0, connection::close);
		return connection.sync();
	}

	private RedisClient client() {
		return client(uri());
	}

	private RedisURI.Builder uri() {
		return RedisURI.builder().withHost("127.0.0.1").withPort(this.port).withTimeout(RedisTuning.TIMEOUT);
	}

	private RedisClient client(RedisURI.Builder uri) {
		RedisClient client = RedisClient.create(this.resources, uri.build());
		client.setOptions(RedisTuning.apply(ClientOptions.builder()).timeoutOptions(TimeoutOptions.enabled()).build());
		this.toClose.add(0, () -> client.shutdown(Duration.ZERO, Duration.ofSeconds(2)));
		return client;
	}

	@Override
	public void close() {
		this.toClose.forEach(Runnable::run);
		this.timer.close();
		this.resources.shutdown(0, 2, TimeUnit.SECONDS);
		if (this.process != null) {
			kill();
		}
	}

	private static Path directory() {
		try {
			Path directory = Files.createTempDirectory("redis-data");
			directory.toFile().deleteOnExit();
			return directory;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static File binary() {
		try {
			File directory = Files.createTempDirectory("redis").toFile();
			File binary = ExecutableProvider.newJarResourceProvider(directory).get();
			binary.deleteOnExit();
			directory.deleteOnExit();
			return binary;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
