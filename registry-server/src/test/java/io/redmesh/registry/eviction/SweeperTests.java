package io.redmesh.registry.eviction;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.redmesh.core.time.Time;
import io.redmesh.registry.TestServer;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.StoreProxy;
import io.redmesh.registry.store.memory.MemoryRegistryStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class SweeperTests {

	/**
	 * The time without a sweep that the store takes for a gap. After a gap all instances
	 * have grace.
	 */
	private static final Duration GAP = Duration.ofSeconds(3);

	private final Queue<Long> sweeps = new ConcurrentLinkedQueue<>();

	@Test
	void namespaceThatHangsGivesNoGraceToOtherNamespaces(CapturedOutput output) {
		RegistryStore store = StoreProxy.changing(new MemoryRegistryStore(Time.system()), "evict",
				(namespace, sweep) -> namespace.equals("hung") ? Mono.never()
						: ((Mono<?>) sweep).doOnSubscribe((subscription) -> this.sweeps.add(Time.system().nanos())));
		try (TestServer server = TestServer.with().store(store).start()) {
			server.register("hung", "orders", "a");
			this.sweeps.clear();
			await().atMost(Duration.ofSeconds(20)).until(() -> this.sweeps.size() >= 4);
			Long before = null;
			for (Long sweep : this.sweeps) {
				assertThat((before != null) ? sweep - before : 0).isLessThan(GAP.toNanos());
				before = sweep;
			}
			assertThat(output).contains("Sweeping failed in some namespaces: timed out after PT1.5S")
				.doesNotContain("Exception");
		}
	}

}
