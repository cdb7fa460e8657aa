package io.redmesh.core.time;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class BackoffTests {

	private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));

	private final SplittableRandom random = new SplittableRandom(42);

	@Test
	void waitsBetweenHalfOfTheFirstAndTheGrownCeiling() {
		for (int failures = 1; failures <= 60; failures++) {
			long ceiling = Math.min(2000, 100L << Math.min(failures - 1, 10));
			for (int trial = 0; trial < 200; trial++) {
				assertThat(this.backoff.delay(failures, this.random)).isBetween(Duration.ofMillis(50),
						Duration.ofMillis(ceiling));
			}
		}
	}

	@Test
	void usesTheWholeRange() {
		double mean = IntStream.range(0, 10_000)
			.mapToLong((trial) -> this.backoff.delay(100, this.random).toMillis())
			.average()
			.orElseThrow();
		assertThat(mean).isBetween(1000.0, 1050.0);
	}

	@Test
	void manyFailuresDoNotOverflow() {
		assertThat(this.backoff.delay(Integer.MAX_VALUE, this.random)).isLessThanOrEqualTo(Duration.ofSeconds(2));
	}

	@Test
	void refusesARangeThatCouldSpin() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1)));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)));
		assertThatIllegalArgumentException().isThrownBy(() -> this.backoff.delay(0, this.random));
	}

}
