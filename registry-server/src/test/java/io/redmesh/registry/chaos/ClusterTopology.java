package io.redmesh.registry.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;

import io.redmesh.registry.chaos.process.FaultyProxy;
import io.redmesh.registry.chaos.process.RedisClusterNodes;
import io.redmesh.registry.chaos.process.RedisProcess;
import io.redmesh.registry.chaos.process.Waiting;

/** A Redis Cluster; what is done to it is done to the nodes that hold the namespace. */
final class ClusterTopology implements Topology {

	private static final String KEY = "mesh:{default}:rev";

	private final RedisClusterNodes redis;

	ClusterTopology(Path directory) {
		this.redis = new RedisClusterNodes(directory);
	}

	@Override
	public void start() {
		this.redis.start();
	}

	@Override
	public List<String> properties(int server) {
		return List.of("spring.data.redis.cluster.nodes=" + this.redis.addresses());
	}

	@Override
	public List<FaultyProxy> networks() {
		return List.of();
	}

	@Override
	public List<FaultAction> faults() {
		return List.of(this::killMaster, this::freezeMaster, this::failOver, this::killReplica, this::flush);
	}

	private RedisProcess master() {
		return Objects.requireNonNull(this.redis.masterOf(KEY));
	}

	private RedisProcess replica() {
		return Objects.requireNonNull(this.redis.replicaOf(master()));
	}

	private void killMaster(Random random, Consumer<String> say) {
		int millis = random.nextInt(15_000);
		say.accept("the master is killed, back with its data after " + millis + " ms");
		RedisProcess master = master();
		master.kill();
		Waiting.pause(Duration.ofMillis(millis));
		master.start();
		this.redis.awaitHealth();
	}

	private void freezeMaster(Random random, Consumer<String> say) {
		int millis = 1000 + random.nextInt(19_000);
		say.accept("the master stands still for " + millis + " ms");
		RedisProcess master = master();
		master.freeze();
		Waiting.pause(Duration.ofMillis(millis));
		master.thaw();
		this.redis.awaitHealth();
	}

	private void failOver(Random random, Consumer<String> say) {
		say.accept("the replica is made the master");
		RedisProcess before = master();
		replica().call("CLUSTER", "FAILOVER");
		Waiting.happens(Duration.ofSeconds(20), () -> this.redis.masterOf(KEY) != before);
		this.redis.awaitHealth();
	}

	private void killReplica(Random random, Consumer<String> say) {
		int millis = random.nextInt(10_000);
		say.accept("the replica is killed, back after " + millis + " ms");
		RedisProcess replica = replica();
		replica.kill();
		Waiting.pause(Duration.ofMillis(millis));
		replica.start();
		this.redis.awaitHealth();
	}

	private void flush(Random random, Consumer<String> say) {
		say.accept("FLUSHALL");
		master().call("FLUSHALL");
	}

	@Override
	public void close() {
		this.redis.close();
	}

}
