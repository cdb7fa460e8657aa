package io.redmesh.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

import io.redmesh.chaos.process.FaultyProxy;
import io.redmesh.chaos.process.RedisProcess;
import io.redmesh.chaos.process.Waiting;

/** A single Redis, which each server reaches over a network of its own. */
final class SingleTopology implements Topology {

	private final RedisProcess redis;

	private final List<FaultyProxy> networks = new ArrayList<>();

	SingleTopology(Path directory, int servers) {
		this.redis = new RedisProcess(directory);
		for (int i = 0; i < servers; i++) {
			this.networks.add(new FaultyProxy(this.redis.port()));
		}
	}

	@Override
	public void start() {
		this.redis.start();
	}

	@Override
	public List<String> properties(int server) {
		return List.of("spring.data.redis.url=redis://127.0.0.1:" + this.networks.get(server).port());
	}

	@Override
	public List<FaultyProxy> networks() {
		return this.networks;
	}

	@Override
	public List<FaultAction> faults() {
		return List.of(this::restart, this::restartEmpty, this::goBack, this::flush, this::freeze, this::cut);
	}

	private void restart(Random random, Consumer<String> say) {
		int millis = random.nextInt(8000);
		say.accept("Redis is killed, back with its data after " + millis + " ms");
		this.redis.kill();
		Waiting.pause(Duration.ofMillis(millis));
		this.redis.start();
	}

	private void restartEmpty(Random random, Consumer<String> say) {
		int millis = random.nextInt(8000);
		say.accept("Redis is killed, back with nothing after " + millis + " ms");
		this.redis.kill();
		this.redis.forget();
		Waiting.pause(Duration.ofMillis(millis));
		this.redis.start();
	}

	private void goBack(Random random, Consumer<String> say) {
		int age = 500 + random.nextInt(10_000);
		int millis = random.nextInt(5000);
		say.accept("the data of Redis are copied");
		this.redis.remember();
		Waiting.pause(Duration.ofMillis(age));
		say.accept("Redis is killed, back with data of " + age + " ms ago after " + millis + " ms");
		this.redis.kill();
		this.redis.goBack();
		Waiting.pause(Duration.ofMillis(millis));
		this.redis.start();
	}

	private void flush(Random random, Consumer<String> say) {
		say.accept("FLUSHALL");
		this.redis.call("FLUSHALL");
	}

	private void freeze(Random random, Consumer<String> say) {
		int millis = 1000 + random.nextInt(19_000);
		say.accept("Redis freezes for " + millis + " ms");
		this.redis.freeze();
		Waiting.pause(Duration.ofMillis(millis));
		this.redis.thaw();
	}

	private void cut(Random random, Consumer<String> say) {
		say.accept("all connections to Redis are cut");
		this.networks.forEach(FaultyProxy::cut);
	}

	@Override
	public void close() {
		this.networks.forEach(FaultyProxy::close);
		this.redis.close();
	}

}
