package io.redmesh.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;

import io.redmesh.chaos.process.FaultyProxy;
import io.redmesh.chaos.process.RedisProcess;
import io.redmesh.chaos.process.ReplicatedRedis;
import io.redmesh.chaos.process.Waiting;

/**
 * A master with replicas, behind Sentinels or in a Cluster. Faults hit the nodes that
 * hold the namespace.
 */
final class ReplicatedTopology implements Topology {

	private final ReplicatedRedis redis;

	ReplicatedTopology(ReplicatedRedis redis) {
		this.redis = redis;
	}

	@Override
	public void start() {
		this.redis.start();
	}

	@Override
	public List<String> properties(int server) {
		return this.redis.properties();
	}

	@Override
	public List<FaultyProxy> networks() {
		return List.of();
	}

	@Override
	public List<FaultAction> faults() {
		List<FaultAction> faults = new ArrayList<>(
				List.of(this::killMaster, this::freezeMaster, this::failOver, this::killReplica, this::flush));
		if (!this.redis.sentinels().isEmpty()) {
			faults.add(this::freezeSentinel);
		}
		return faults;
	}

	private RedisProcess master() {
		return Objects.requireNonNull(this.redis.master());
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
		say.accept("the master freezes for " + millis + " ms");
		RedisProcess master = master();
		master.freeze();
		Waiting.pause(Duration.ofMillis(millis));
		master.thaw();
		this.redis.awaitHealth();
	}

	private void failOver(Random random, Consumer<String> say) {
		say.accept("a replica becomes the master");
		RedisProcess before = master();
		this.redis.failOver();
		Waiting.happens(Duration.ofSeconds(20), () -> this.redis.master() != before);
		this.redis.awaitHealth();
	}

	private void killReplica(Random random, Consumer<String> say) {
		int millis = random.nextInt(10_000);
		say.accept("a replica is killed, back after " + millis + " ms");
		List<RedisProcess> replicas = this.redis.replicas();
		RedisProcess replica = replicas.get((replicas.size() > 1) ? random.nextInt(replicas.size()) : 0);
		replica.kill();
		Waiting.pause(Duration.ofMillis(millis));
		replica.start();
		this.redis.awaitHealth();
	}

	private void flush(Random random, Consumer<String> say) {
		say.accept("FLUSHALL");
		master().call("FLUSHALL");
	}

	private void freezeSentinel(Random random, Consumer<String> say) {
		int millis = 1000 + random.nextInt(15_000);
		say.accept("a Sentinel freezes for " + millis + " ms");
		RedisProcess sentinel = this.redis.sentinels().get(random.nextInt(this.redis.sentinels().size()));
		sentinel.freeze();
		Waiting.pause(Duration.ofMillis(millis));
		sentinel.thaw();
		this.redis.awaitHealth();
	}

	@Override
	public void close() {
		this.redis.close();
	}

}
