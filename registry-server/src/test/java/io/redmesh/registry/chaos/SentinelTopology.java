package io.redmesh.registry.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;

import io.redmesh.registry.chaos.process.FaultyProxy;
import io.redmesh.registry.chaos.process.RedisProcess;
import io.redmesh.registry.chaos.process.RedisSentinels;
import io.redmesh.registry.chaos.process.Waiting;

/**
 * A master, two replicas and three Sentinels, whom the servers ask where the master is.
 */
final class SentinelTopology implements Topology {

	private final RedisSentinels redis;

	SentinelTopology(Path directory, boolean safe) {
		this.redis = safe ? new RedisSentinels(directory, "--min-replicas-to-write", "1", "--min-replicas-max-lag", "1")
				: new RedisSentinels(directory);
	}

	@Override
	public void start() {
		this.redis.start();
	}

	@Override
	public List<String> properties(int server) {
		return List.of("spring.data.redis.sentinel.master=" + RedisSentinels.MASTER,
				"spring.data.redis.sentinel.nodes=" + this.redis.addresses());
	}

	@Override
	public List<FaultyProxy> networks() {
		return List.of();
	}

	@Override
	public List<FaultAction> faults() {
		return List.of(this::killMaster, this::freezeMaster, this::failOver, this::killReplica, this::flush,
				this::freezeSentinel);
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
		say.accept("the master stands still for " + millis + " ms");
		RedisProcess master = master();
		master.freeze();
		Waiting.pause(Duration.ofMillis(millis));
		master.thaw();
		this.redis.awaitHealth();
	}

	private void failOver(Random random, Consumer<String> say) {
		say.accept("a replica is made the master");
		RedisProcess before = master();
		this.redis.failOver();
		Waiting.happens(Duration.ofSeconds(20), () -> this.redis.master() != before);
		this.redis.awaitHealth();
	}

	private void killReplica(Random random, Consumer<String> say) {
		int millis = random.nextInt(10_000);
		say.accept("a replica is killed, back after " + millis + " ms");
		RedisProcess replica = this.redis.replicas().get(random.nextInt(2));
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
		say.accept("a Sentinel stands still for " + millis + " ms");
		RedisProcess sentinel = this.redis.sentinels().get(random.nextInt(3));
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
