package io.redmesh.registry.rest;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

import io.redmesh.registry.TestServer;
import io.redmesh.registry.store.redis.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests with hostile requests. The server refuses each one as documented, and serves
 * other clients as before. {@code -Dhostile.requests=20000} sends more.
 */
@ExtendWith(OutputCaptureExtension.class)
class HostileRequestsTests {

	private static final int REQUESTS = Integer.getInteger("hostile.requests", 1500);

	// The bytes of heap that the server may take for registrations and for what it
	// remembers for ten minutes, however many requests arrive.
	private static final long KEPT = 8_000_000;

	private static final String INSTANCE = "/v1/namespaces/default/services/stock/instances/a";

	@Test
	void inMemory(CapturedOutput output) throws Exception {
		try (TestServer server = TestServer.start()) {
			play(server, output);
		}
	}

	@Test
	void onRedis(CapturedOutput output) throws Exception {
		try (TestRedis redis = TestRedis.started();
				TestServer server = TestServer.start("spring.data.redis.port=" + redis.port())) {
			play(server, output);
		}
	}

	private static void play(TestServer server, CapturedOutput output) throws Exception {
		long seed = Long.getLong("hostile.seed", ThreadLocalRandom.current().nextLong());
		String token = server.register("stock", "a");
		new HostileClient(server.port(), seed).send();
		Caller caller = new Caller(server, token);
		long calm = caller.p99(Duration.ofSeconds(1));
		int threads = Thread.activeCount();
		long heap = liveHeap();
		AtomicBoolean ended = new AtomicBoolean();
		HostileClient client = new HostileClient(server.port(), seed);
		Thread hostile = new Thread(() -> {
			for (int i = 0; i < REQUESTS; i++) {
				client.send();
			}
			ended.set(true);
		});
		hostile.start();
		List<Long> meanwhile = new ArrayList<>();
		while (!ended.get()) {
			caller.call(meanwhile);
		}
		hostile.join();
		long p99 = Caller.p99(meanwhile);
		meanwhile.clear();
		await().atMost(Duration.ofSeconds(20)).until(() -> Thread.activeCount() <= threads + 5);
		long heapAfterwards = liveHeap();
		System.out.printf(
				"hostile: seed %d, statuses %s, p99 of another client %.1f ms, before %.1f ms, "
						+ "live heap %.1f MB, before %.1f MB%n",
				seed, client.statuses(), p99 / 1e6, calm / 1e6, heapAfterwards / 1e6, heap / 1e6);
		assertThat(heapAfterwards - heap).as("bytes of heap kept with seed %d", seed).isLessThan(KEPT);
		assertThat(client.statuses().keySet()).as("statuses with seed %d", seed)
			.allMatch((status) -> status < 500 || status == 501 || status == 503 || status == 505);
		assertThat(output.getOut()).as("log with seed %d", seed).doesNotContain("Exception", " ERROR ");
		assertThat(output.getOut().lines().filter((line) -> line.contains(" WARN "))).as("warnings with seed %d", seed)
			.hasSizeLessThan(10);
		assertThat(server.post(INSTANCE + "/heartbeat", null, "Mesh-Lease", token).status()).isIn(200, 404);
	}

	private static long liveHeap() {
		MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
		memory.gc();
		return memory.getHeapMemoryUsage().getUsed();
	}

	/** A well-behaved client that renews its lease. */
	private record Caller(TestServer server, String token) {

		long p99(Duration duration) {
			List<Long> times = new ArrayList<>();
			long until = System.nanoTime() + duration.toNanos();
			while (System.nanoTime() < until) {
				call(times);
			}
			return p99(times);
		}

		void call(List<Long> times) {
			long begun = System.nanoTime();
			assertThat(this.server.post(INSTANCE + "/heartbeat", null, "Mesh-Lease", this.token).status())
				.isEqualTo(200);
			times.add(System.nanoTime() - begun);
		}

		static long p99(List<Long> times) {
			return times.stream().sorted().skip(times.size() * 99L / 100).findFirst().orElse(0L);
		}

	}

}
