package io.redmesh.chaos.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A master, two replicas, and three Sentinels that replace the master after two seconds
 * without a response.
 */
public final class RedisSentinels implements ReplicatedRedis {

	/** The name of the master among the Sentinels. */
	private static final String MASTER = "mesh";

	private static final int COUNT = 3;

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private final Path directory;

	private final List<RedisProcess> nodes = new ArrayList<>();

	private final List<RedisProcess> sentinels = new ArrayList<>();

	/**
	 * Creates the processes without starting them.
	 * @param directory the directory of their data and logs
	 * @param options more options for the nodes, such as {@code --min-replicas-to-write}
	 */
	public RedisSentinels(Path directory, String... options) {
		this.directory = directory;
		for (int i = 0; i < COUNT; i++) {
			this.nodes.add(new RedisProcess(directory.resolve("node" + i), options));
			this.sentinels.add(new RedisProcess(directory.resolve("sentinel" + i)));
		}
	}

	/** Creates processes whose master refuses writes when no replica follows it. */
	public static RedisSentinels safe(Path directory) {
		return new RedisSentinels(directory, "--min-replicas-to-write", "1", "--min-replicas-max-lag", "1");
	}

	@Override
	public void start() {
		RedisProcess master = this.nodes.get(0);
		this.nodes.forEach(RedisProcess::start);
		this.nodes.subList(1, COUNT)
			.forEach((node) -> node.call("REPLICAOF", "127.0.0.1", Integer.toString(master.port())));
		for (RedisProcess sentinel : this.sentinels) {
			sentinel.startSentinel(configuration(sentinel, master));
		}
		awaitHealth();
	}

	private Path configuration(RedisProcess sentinel, RedisProcess master) {
		Path home = this.directory.resolve("sentinel" + this.sentinels.indexOf(sentinel));
		try {
			Files.createDirectories(home);
			return Files.writeString(home.resolve("sentinel.conf"), """
					port %d
					bind 127.0.0.1
					dir %s
					sentinel monitor %s 127.0.0.1 %d 2
					sentinel down-after-milliseconds %4$s 2000
					sentinel failover-timeout %4$s 6000
					""".replace("%4$s", MASTER).formatted(sentinel.port(), home, MASTER, master.port()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void awaitHealth() {
		Waiting.until("a master with two replicas, see " + this.directory, LIMIT, () -> {
			RedisProcess master = master();
			return master != null && text(master.call("INFO", "replication")).contains("connected_slaves:2")
					&& this.sentinels.stream().allMatch((sentinel) -> sees(sentinel, master));
		});
	}

	private static boolean sees(RedisProcess sentinel, RedisProcess master) {
		List<?> fields = (List<?>) sentinel.call("SENTINEL", "MASTER", MASTER);
		return fields != null && fields.get(fields.indexOf("port") + 1).equals(Integer.toString(master.port()))
				&& fields.get(fields.indexOf("flags") + 1).equals("master")
				&& fields.get(fields.indexOf("num-slaves") + 1).equals("2")
				&& fields.get(fields.indexOf("num-other-sentinels") + 1).equals("2");
	}

	/** Returns the node that reports the role of the master, or null if none does. */
	@Override
	public @Nullable RedisProcess master() {
		return this.nodes.stream()
			.filter((node) -> node.isRunning() && text(node.call("INFO", "replication")).contains("role:master"))
			.findFirst()
			.orElse(null);
	}

	@Override
	public int decidedPort() {
		List<?> address = (List<?>) Objects
			.requireNonNull(this.sentinels.get(0).call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER));
		return Integer.parseInt(String.valueOf(address.get(1)));
	}

	@Override
	public List<RedisProcess> replicas() {
		RedisProcess master = master();
		return this.nodes.stream().filter((node) -> node != master).toList();
	}

	@Override
	public List<RedisProcess> sentinels() {
		return this.sentinels;
	}

	@Override
	public void failOver() {
		this.sentinels.get(0).call("SENTINEL", "FAILOVER", MASTER);
	}

	@Override
	public List<String> properties() {
		String addresses = String.join(",",
				this.sentinels.stream().map((sentinel) -> "127.0.0.1:" + sentinel.port()).toList());
		return List.of("spring.data.redis.sentinel.master=" + MASTER, "spring.data.redis.sentinel.nodes=" + addresses);
	}

	private static String text(@Nullable Object answer) {
		return String.valueOf(answer);
	}

	@Override
	public void close() {
		this.sentinels.forEach(RedisProcess::close);
		this.nodes.forEach(RedisProcess::close);
	}

}
