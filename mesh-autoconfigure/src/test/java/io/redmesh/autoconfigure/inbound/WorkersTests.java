package io.redmesh.autoconfigure.inbound;

import java.time.Duration;

import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class WorkersTests {

	private final ManualTime time = new ManualTime();

	private final long start = this.time.nanos();

	@ParameterizedTest
	@CsvSource({ "200, 20, 180", "25, 20, 23", "10, 20, 20", "5, 1, 4", "1, 1, 1" })
	void someAreKeptFreeOfAnAppThatIsStuck(int threads, int min, int usable) {
		Workers workers = Workers.of(threads, min, () -> true, this.time);
		for (int i = 0; i < usable; i++) {
			assertThat(workers.tryEnter(false)).isTrue();
		}
		assertThat(workers.tryEnter(false)).isFalse();
		assertThat(workers.tryEnter(true)).isTrue();
		workers.leave();
		workers.leave();
		assertThat(workers.tryEnter(false)).isTrue();
		assertThat(workers.busy()).isEqualTo(usable);
	}

	@Test
	void crowdThatIsAnsweredMayUseTheReserve() {
		Workers workers = Workers.of(200, 20, () -> false, this.time);
		for (int i = 0; i < 199; i++) {
			assertThat(workers.tryEnter(false)).isTrue();
		}
		assertThat(this.time.nanos()).isEqualTo(this.start);
	}

	@Test
	void lastThreadWaitsForAnother() {
		Workers workers = Workers.of(20, 1, () -> false, this.time);
		for (int i = 0; i < 19; i++) {
			workers.tryEnter(false);
		}
		this.time.schedule(Duration.ofMillis(50), workers::leave);
		assertThat(workers.tryEnter(false)).isTrue();
		assertThat(this.time.nanos() - this.start).isEqualTo(Duration.ofMillis(50).toNanos());
		assertThat(workers.busy()).isEqualTo(19);
	}

	@Test
	void lastThreadIsKeptOnceTheAppIsStuck() {
		Stall stall = new Stall(this.start);
		Workers workers = Workers.of(20, 1, () -> stall.isStuck(this.time.nanos()), this.time);
		for (int i = 0; i < 19; i++) {
			assertThat(workers.tryEnter(false)).isTrue();
		}
		assertThat(workers.tryEnter(false)).isFalse();
		assertThat(Duration.ofNanos(this.time.nanos() - this.start)).isEqualTo(Stall.PATIENCE);
		// The next one is refused at once, and probes are answered.
		assertThat(workers.tryEnter(false)).isFalse();
		assertThat(Duration.ofNanos(this.time.nanos() - this.start)).isEqualTo(Stall.PATIENCE);
		assertThat(workers.tryEnter(true)).isTrue();
		workers.leave();
		stall.answered();
		workers.leave();
		assertThat(workers.tryEnter(false)).isTrue();
	}

	@Test
	void pauseOfTheMachineIsNoStall() {
		Stall stall = new Stall(this.start);
		this.time.forward(Duration.ofSeconds(30));
		assertThat(stall.isStuck(this.time.nanos())).isFalse();
		for (int i = 0; i < 8; i++) {
			this.time.forward(Duration.ofMillis(100));
			assertThat(stall.isStuck(this.time.nanos())).isFalse();
		}
		this.time.forward(Duration.ofMillis(100));
		assertThat(stall.isStuck(this.time.nanos())).isTrue();
		stall.answered();
		assertThat(stall.isStuck(this.time.nanos())).isFalse();
	}

	@Test
	void thereMayAlwaysBeEnough() {
		Workers workers = Workers.unlimited();
		for (int i = 0; i < 10_000; i++) {
			assertThat(workers.tryEnter(false)).isTrue();
		}
	}

}
