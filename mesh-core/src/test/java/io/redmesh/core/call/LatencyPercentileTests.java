package io.redmesh.core.call;

import java.time.Duration;
import java.util.Random;

import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class LatencyPercentileTests {

	private final ManualTime time = new ManualTime();

	@ParameterizedTest
	@ValueSource(ints = { 50, 75, 95, 99 })
	void isAtMostAnEighthTooLarge(int percentile) {
		LatencyPercentile latency = new LatencyPercentile(this.time.nanos());
		Random random = new Random(7);
		long[] values = random.longs(10_000, 0, 10)
			.map((power) -> (long) (random.nextDouble() * Math.pow(10, power)))
			.sorted()
			.toArray();
		for (long value : values) {
			latency.add(value * 1000, this.time.nanos());
		}
		this.time.forward(Duration.ofMillis(100));
		long exact = values[values.length * percentile / 100 - 1] * 1000;
		assertThat(latency.value(percentile, this.time.nanos())).isGreaterThan(exact)
			.isLessThanOrEqualTo(exact + exact / 8 + 1000);
	}

	@Test
	void hasNoResultBeforeThereAreEnoughValues() {
		LatencyPercentile latency = new LatencyPercentile(this.time.nanos());
		for (int i = 0; i < LatencyPercentile.MIN_VALUES; i++) {
			assertThat(latency.value(95, this.time.nanos())).isNegative();
			latency.add(1_500_000, this.time.nanos());
			this.time.forward(Duration.ofMillis(100));
		}
		assertThat(latency.value(95, this.time.nanos())).isBetween(1_500_000L, 1_700_000L);
	}

	@Test
	void forgetsOldValues() {
		LatencyPercentile latency = new LatencyPercentile(this.time.nanos());
		fill(latency, Duration.ofSeconds(1));
		this.time.forward(Duration.ofSeconds(16));
		fill(latency, Duration.ofMillis(1));
		// The values of at most half a minute ago still count.
		assertThat(latency.value(95, this.time.nanos())).isGreaterThan(Duration.ofSeconds(1).toNanos());
		this.time.forward(Duration.ofSeconds(15));
		assertThat(latency.value(95, this.time.nanos())).isLessThan(Duration.ofMillis(2).toNanos());
		this.time.forward(Duration.ofMinutes(5));
		assertThat(latency.value(95, this.time.nanos())).isNegative();
	}

	@Test
	void acceptsAnyValue() {
		LatencyPercentile latency = new LatencyPercentile(this.time.nanos());
		for (int i = 0; i < LatencyPercentile.MIN_VALUES; i++) {
			latency.add((i % 3 == 0) ? 0 : Long.MAX_VALUE, this.time.nanos());
		}
		assertThat(latency.value(50, this.time.nanos())).isGreaterThanOrEqualTo(Duration.ofHours(1).toNanos());
	}

	@Test
	void anotherPercentileIsOfTheSameValuesAndKnownAtOnce() {
		LatencyPercentile latency = new LatencyPercentile(this.time.nanos());
		for (int i = 1; i <= 100; i++) {
			latency.add(Duration.ofMillis(i).toNanos(), this.time.nanos());
		}
		for (int percentile : new int[] { 50, 99, 75, 50 }) {
			long exact = Duration.ofMillis(percentile).toNanos();
			assertThat(latency.value(percentile, this.time.nanos())).isBetween(exact, exact + exact / 8 + 1000);
		}
	}

	private void fill(LatencyPercentile latency, Duration took) {
		for (int i = 0; i < 1000; i++) {
			latency.add(took.toNanos(), this.time.nanos());
		}
	}

}
