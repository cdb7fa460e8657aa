package io.redmesh.chaos.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A Redis Cluster of three masters and three replicas, in which a master counts as failed
 * after two seconds.
 */
public final class RedisClusterNodes implements ReplicatedRedis {

	private static final int MASTERS = 3;

	private static final int SLOTS = 16_384;

	/** The key that selects the master in question: the one that holds its slot. */
	private static final String KEY = "mesh:{default}:rev";

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private final List<RedisProcess> nodes = new ArrayList<>();

	/**
	 * Creates the nodes without starting them.
	 * @param directory the directory of their data and logs
	 */
	public RedisClusterNodes(Path directory) {
		for (int i = 0; i < 2 * MASTERS; i++) {
			this.nodes.add(new RedisProcess(directory.resolve("node" + i), "--cluster-enabled", "yes",
					"--cluster-node-timeout", "2000", "--cluster-replica-validity-factor", "0"));
		}
	}

	/** Starts all nodes, gives the slots to the masters, and each master a replica. */
	@Override
	public void start() {
		this.nodes.forEach(RedisProcess::start);
		RedisProcess first = this.nodes.get(0);
		for (int i = 0; i < MASTERS; i++) {
			List<String> command = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
			// In contiguous ranges, as tools assign them. Otherwise a description of the
			// Cluster would take a megabyte.
			for (int slot = i * SLOTS / MASTERS; slot < (i + 1) * SLOTS / MASTERS; slot++) {
				command.add(Integer.toString(slot));
			}
			this.nodes.get(i).call(command.toArray(String[]::new));
			// No two nodes may have the same configuration epoch.
			this.nodes.get(i).call("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
		}
		this.nodes.subList(1, this.nodes.size())
			.forEach((node) -> node.call("CLUSTER", "MEET", "127.0.0.1", Integer.toString(first.port())));
		Waiting.until("all nodes know each other", LIMIT,
				() -> this.nodes.stream().allMatch((node) -> lines(node) == 2 * MASTERS));
		for (int i = 0; i < MASTERS; i++) {
			String master = String.valueOf(this.nodes.get(i).call("CLUSTER", "MYID"));
			this.nodes.get(MASTERS + i).call("CLUSTER", "REPLICATE", master);
		}
		awaitHealth();
	}

	private static long lines(RedisProcess node) {
		return String.valueOf(node.call("CLUSTER", "NODES")).lines().count();
	}

	@Override
	public void awaitHealth() {
		Waiting.until("a healthy Cluster", LIMIT, () -> this.nodes.stream().allMatch((node) -> {
			String known = String.valueOf(node.call("CLUSTER", "NODES"));
			return String.valueOf(node.call("CLUSTER", "INFO")).contains("cluster_state:ok") && !known.contains("fail")
					&& known.lines().filter((line) -> line.contains("slave")).count() == MASTERS
					&& replicaIsThere(node);
		}));
	}

	private static boolean replicaIsThere(RedisProcess node) {
		String role = String.valueOf(node.call("INFO", "replication"));
		return role.contains("role:master") ? role.contains("connected_slaves:1")
				: role.contains("master_link_status:up");
	}

	@Override
	public @Nullable RedisProcess master() {
		return node(decidedPort());
	}

	@Override
	public int decidedPort() {
		return this.nodes.stream()
			.filter((node) -> node.isRunning() && ownerAccordingTo(node) == node.port())
			.mapToInt(RedisProcess::port)
			.findFirst()
			.orElse(0);
	}

	/**
	 * Returns the port of the node that holds the slot of the key, as one node believes.
	 */
	private static long ownerAccordingTo(RedisProcess node) {
		long slot = (Long) Objects.requireNonNull(node.call("CLUSTER", "KEYSLOT", KEY));
		for (Object range : (List<?>) Objects.requireNonNull(node.call("CLUSTER", "SLOTS"))) {
			List<?> fields = (List<?>) range;
			if ((Long) fields.get(0) <= slot && slot <= (Long) fields.get(1)) {
				return (Long) ((List<?>) fields.get(2)).get(1);
			}
		}
		return 0;
	}

	@Override
	public List<RedisProcess> replicas() {
		RedisProcess master = Objects.requireNonNull(master());
		String known = String.valueOf(master.call("CLUSTER", "NODES"));
		String id = String.valueOf(master.call("CLUSTER", "MYID"));
		return known.lines()
			.filter((line) -> line.contains("slave " + id))
			.map((line) -> Objects
				.requireNonNull(node(Long.parseLong(line.replaceFirst("^\\S+ [^:]+:(\\d+)@.*", "$1")))))
			.toList();
	}

	@Override
	public List<RedisProcess> sentinels() {
		return List.of();
	}

	@Override
	public void failOver() {
		replicas().get(0).call("CLUSTER", "FAILOVER");
	}

	private @Nullable RedisProcess node(long port) {
		return this.nodes.stream().filter((node) -> node.port() == port).findFirst().orElse(null);
	}

	@Override
	public List<String> properties() {
		return List.of("spring.data.redis.cluster.nodes="
				+ String.join(",", this.nodes.stream().map((node) -> "127.0.0.1:" + node.port()).toList()));
	}

	@Override
	public void close() {
		this.nodes.forEach(RedisProcess::close);
	}

}
