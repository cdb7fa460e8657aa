package io.redmesh.registry.catalog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.Remembered;
import io.redmesh.registry.store.Restored;
import io.redmesh.registry.store.StoreProxy;
import io.redmesh.registry.store.StoreUnavailableException;
import io.redmesh.registry.store.memory.MemoryRegistryStore;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the retried writes that put back what the store has lost. */
class RestorationTests {

	private static final Cursor EPOCH = new Cursor("l", 2, 0);

	private static final List<Remembered> LOST = List.of(
			new Remembered.Held(CatalogFixture.stored(Instance.of("orders", "a", "10.0.0.7", 8080), EPOCH)),
			new Remembered.Left(new Incarnation("orders", "b", 7), EPOCH));

	private final ManualTime time = new ManualTime();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final List<Duration> attempts = new ArrayList<>();

	private final long start = this.time.nanos();

	private int failures;

	private Restored result = new Restored(3, 2);

	private final Restoration restoration = new Restoration(store(), this.time, this.meters);

	@Test
	void whatSucceedsIsDoneOnce() {
		this.restoration.lost("default", EPOCH, LOST);
		this.time.forward(Duration.ofMinutes(1));
		assertThat(this.attempts).containsExactly(Duration.ZERO);
		assertThat(restored("held")).isEqualTo(3);
		assertThat(restored("left")).isEqualTo(2);
	}

	@Test
	void nothingRememberedIsNothingToDo() {
		this.restoration.lost("default", EPOCH, List.of());
		assertThat(this.attempts).isEmpty();
		assertThat(this.time.pending()).isEmpty();
	}

	@Test
	void failuresAreRetriedWithinASecondEachUntilOneSucceeds() {
		this.failures = 9;
		this.restoration.lost("default", EPOCH, LOST);
		this.time.forward(Duration.ofMinutes(1));
		assertThat(this.attempts).hasSize(10);
		for (int i = 1; i < this.attempts.size(); i++) {
			assertThat(this.attempts.get(i).minus(this.attempts.get(i - 1))).isBetween(Duration.ofMillis(50),
					Duration.ofSeconds(1));
		}
		assertThat(restored("held")).isEqualTo(3);
	}

	@Test
	void afterTenFailuresInstancesAreLeftToRegisterAgain() {
		this.failures = Integer.MAX_VALUE;
		this.restoration.lost("default", EPOCH, LOST);
		this.time.forward(Duration.ofMinutes(10));
		assertThat(this.attempts).hasSize(10);
		assertThat(this.time.pending()).isEmpty();
		assertThat(this.meters.getMeters()).isEmpty();
	}

	@Test
	void whatAnotherServerHasPutBackIsNotCounted() {
		this.result = new Restored(0, 0);
		this.restoration.lost("default", EPOCH, LOST);
		assertThat(this.attempts).hasSize(1);
		assertThat(this.meters.getMeters()).isEmpty();
	}

	private double restored(String what) {
		return this.meters.get("mesh.server.restored").tag("what", what).counter().count();
	}

	private RegistryStore store() {
		return StoreProxy.changing(new MemoryRegistryStore(this.time), "restore", (namespace, restored) -> {
			this.attempts.add(Duration.ofNanos(this.time.nanos() - this.start));
			return (this.attempts.size() <= this.failures) ? Mono.error(new StoreUnavailableException("away"))
					: Mono.just(this.result);
		});
	}

}
