package io.redmesh.autoconfigure.inbound;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class WorkersTests {

	@ParameterizedTest
	@CsvSource({ "200, 20, 180", "25, 20, 23", "10, 20, 20", "5, 1, 4", "1, 1, 1" })
	void someAreKeptFree(int threads, int min, int usable) {
		Workers workers = Workers.of(threads, min);
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
	void thereMayAlwaysBeEnough() {
		Workers workers = Workers.unlimited();
		for (int i = 0; i < 10_000; i++) {
			assertThat(workers.tryEnter(false)).isTrue();
		}
	}

}
