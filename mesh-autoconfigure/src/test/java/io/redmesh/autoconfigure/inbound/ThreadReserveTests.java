package io.redmesh.autoconfigure.inbound;

import java.time.Duration;

import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ThreadReserveTests {

	private final ManualTime time = new ManualTime();

	private final long start = this.time.nanos();

	@ParameterizedTest
	@CsvSource({ "200, 20, 180", "25, 20, 23", "10, 20, 20", "5, 1, 4", "1, 1, 1" })
	void someThreadsAreKeptFreeWhenTheAppIsStuck(int threads, int min, int usable) {
		ThreadReserve threadReserve = ThreadReserve.of(threads, min, () -> true, this.time);
		for (int i = 0; i < usable; i++) {
			assertThat(threadReserve.tryEnter(false)).isTrue();
		}
		assertThat(threadReserve.tryEnter(false)).isFalse();
		assertThat(threadReserve.tryEnter(true)).isTrue();
		threadReserve.leave();
		threadReserve.leave();
		assertThat(threadReserve.tryEnter(false)).isTrue();
		assertThat(threadReserve.busy()).isEqualTo(usable);
	}

	@Test
	void crowdThatIsAnsweredMayUseTheReserve() {
		ThreadReserve threadReserve = ThreadReserve.of(200, 20, () -> false, this.time);
		for (int i = 0; i < 199; i++) {
			assertThat(threadReserve.tryEnter(false)).isTrue();
		}
		assertThat(this.time.nanos()).isEqualTo(this.start);
	}

	@Test
	void lastThreadWaitsForAnother() {
		ThreadReserve threadReserve = ThreadReserve.of(20, 1, () -> false, this.time);
		for (int i = 0; i < 19; i++) {
			threadReserve.tryEnter(false);
		}
		this.time.schedule(Duration.ofMillis(50), threadReserve::leave);
		assertThat(threadReserve.tryEnter(false)).isTrue();
		assertThat(this.time.nanos() - this.start).isEqualTo(Duration.ofMillis(50).toNanos());
		assertThat(threadReserve.busy()).isEqualTo(19);
	}

	@Test
	void lastThreadIsKeptOnceTheAppIsStuck() {
		Stall stall = new Stall(this.start);
		ThreadReserve threadReserve = ThreadReserve.of(20, 1, () -> stall.isStuck(this.time.nanos()), this.time);
		for (int i = 0; i < 19; i++) {
			assertThat(threadReserve.tryEnter(false)).isTrue();
		}
		assertThat(threadReserve.tryEnter(false)).isFalse();
		assertThat(Duration.ofNanos(this.time.nanos() - this.start)).isEqualTo(Stall.PATIENCE);
		// The next request is refused at once, and probes are answered.
		assertThat(threadReserve.tryEnter(false)).isFalse();
		assertThat(Duration.ofNanos(this.time.nanos() - this.start)).isEqualTo(Stall.PATIENCE);
		assertThat(threadReserve.tryEnter(true)).isTrue();
		threadReserve.leave();
		stall.answered();
		threadReserve.leave();
		assertThat(threadReserve.tryEnter(false)).isTrue();
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
	void unlimitedReserveRefusesNothing() {
		ThreadReserve threadReserve = ThreadReserve.unlimited();
		for (int i = 0; i < 10_000; i++) {
			assertThat(threadReserve.tryEnter(false)).isTrue();
		}
	}

}
