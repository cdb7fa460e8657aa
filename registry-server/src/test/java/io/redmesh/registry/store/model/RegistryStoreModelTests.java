package io.redmesh.registry.store.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.redmesh.core.time.ManualTime;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.memory.MemoryRegistryStore;
import io.redmesh.registry.store.redis.RedisStoreAutoConfiguration;
import io.redmesh.registry.store.redis.TestRedis;
import org.junit.jupiter.api.Test;
import reactor.netty.resources.LoopResources;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that run random sequences on each store and on the oracle. A sequence that fails
 * is made as short as possible and reported with its seed. {@code -Dmodel.seed} sets the
 * first seed.
 */
class RegistryStoreModelTests {

	private static final int LENGTH = 40;

	private final long seed = Long.getLong("model.seed", 1);

	@Test
	void memoryDoesAsDocumented() {
		Consumer<List<StoreOperation>> run = (operations) -> {
			ManualTime time = new ManualTime();
			new StoreModel(new MemoryRegistryStore(time), "default", time::forward).run(operations);
		};
		assertThat(firstFailure(500, true, run)).isEmpty();
	}

	@Test
	void redisDoesAsDocumented() {
		try (TestRedis redis = TestRedis.started(); Timer timer = Timer.start("model-timer")) {
			new ApplicationContextRunner()
				.withConfiguration(
						AutoConfigurations.of(RedisStoreAutoConfiguration.class, DataRedisAutoConfiguration.class))
				.withBean(Timer.class, () -> timer)
				.withBean(LoopResources.class, () -> LoopResources.create("test-loop"))
				.withBean(Time.class, Time::system)
				.withPropertyValues("spring.data.redis.url=redis://127.0.0.1:" + redis.port())
				.run((context) -> {
					RegistryStore store = context.getBean(RegistryStore.class);
					AtomicInteger namespaces = new AtomicInteger();
					assertThat(firstFailure(60, false,
							(operations) -> new StoreModel(store, "n" + namespaces.incrementAndGet(), (duration) -> {
							}).run(operations)))
						.isEmpty();
				});
		}
	}

	@Test
	void sequenceThatFailsIsMadeShort() {
		StoreOperation leave = new StoreOperation(StoreOperation.Kind.DEREGISTER, 0, 0, 0);
		Consumer<List<StoreOperation>> run = (operations) -> assertThat(operations).doesNotContain(leave);
		List<StoreOperation> operations = new ArrayList<>(sequence(7, true));
		operations.add(20, leave);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> run.accept(operations));
		assertThat(shrink(operations, run)).containsExactly(leave);
	}

	private String firstFailure(int sequences, boolean withTime, Consumer<List<StoreOperation>> run) {
		for (long next = this.seed; next < this.seed + sequences; next++) {
			List<StoreOperation> operations = sequence(next, withTime);
			if (failure(operations, run) != null) {
				List<StoreOperation> shortest = shrink(operations, run);
				return "seed %d: %s%n%s".formatted(next, failure(shortest, run),
						shortest.stream().map(StoreOperation::toString).collect(Collectors.joining("\n")));
			}
		}
		return "";
	}

	private static List<StoreOperation> sequence(long seed, boolean withTime) {
		Random random = new Random(seed);
		return Stream.generate(() -> StoreOperation.random(random, withTime)).limit(LENGTH).toList();
	}

	/** Removes steps that the failure does not need, until none can be removed. */
	private static List<StoreOperation> shrink(List<StoreOperation> failing, Consumer<List<StoreOperation>> run) {
		List<StoreOperation> shortest = failing;
		for (int i = 0; i < shortest.size();) {
			List<StoreOperation> shorter = new ArrayList<>(shortest);
			shorter.remove(i);
			if (failure(shorter, run) != null) {
				shortest = shorter;
				i = 0;
			}
			else {
				i++;
			}
		}
		return shortest;
	}

	private static String failure(List<StoreOperation> operations, Consumer<List<StoreOperation>> run) {
		try {
			run.accept(operations);
			return null;
		}
		catch (AssertionError | RuntimeException ex) {
			return String.valueOf(ex.getMessage());
		}
	}

}
