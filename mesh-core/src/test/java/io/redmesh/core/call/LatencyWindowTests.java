package io.redmesh.core.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the percentile of calls that go on, compared with the exact percentile. */
class LatencyWindowTests {

	private final ManualTime time = new ManualTime();

	@ParameterizedTest
	@CsvSource({ "50, 20", "90, 20", "99, 20", "75, 200" })
	void isThatOfTheLastFifteenToThirtySeconds(int percentile, int pause) {
		long began = this.time.nanos();
		LatencyPercentile latency = new LatencyPercentile(began);
		SplittableRandom random = new SplittableRandom(17);
		List<long[]> added = new ArrayList<>();
		int compared = 0;
		for (int call = 0; call < 12_000; call++) {
			// The usual latency changes all the time, by up to a factor of 1,000.
			double usual = Math.pow(10, 3.5 + 1.5 * Math.sin(call / 1_500.0));
			long nanos = (long) (usual * 1_000 * (0.5 + random.nextDouble()));
			latency.add(nanos, this.time.nanos());
			added.add(new long[] { this.time.nanos(), nanos });
			this.time.forward(Duration.ofMillis(random.nextInt(2 * pause)));
			if (call % 50 == 0) {
				this.time.forward(Duration.ofMillis(100));
				compared += compare(latency, percentile, added);
			}
		}
		assertThat(compared).isGreaterThan((pause > 100) ? 20 : 100);
	}

	@Test
	void afterAPauseOldValuesCountForNoLonger() {
		LatencyPercentile latency = new LatencyPercentile(this.time.nanos());
		addAHundred(latency, Duration.ofSeconds(1));
		this.time.forward(Duration.ofSeconds(29));
		addAHundred(latency, Duration.ofMillis(1));
		this.time.forward(Duration.ofSeconds(2));
		assertThat(latency.value(99, this.time.nanos())).isLessThan(Duration.ofMillis(2).toNanos());
	}

	private void addAHundred(LatencyPercentile latency, Duration duration) {
		for (int i = 0; i < 100; i++) {
			latency.add(duration.toNanos(), this.time.nanos());
		}
	}

	/** Compares with the latest 15 s to 30 s, whichever of these windows fits best. */
	private int compare(LatencyPercentile latency, int percentile, List<long[]> added) {
		long now = this.time.nanos();
		added.removeIf((one) -> now - one[0] > Duration.ofSeconds(40).toNanos());
		long value = latency.value(percentile, now);
		List<Long> exact = IntStream.rangeClosed(30, 62)
			.mapToObj((halves) -> exact(percentile, added, now - Duration.ofMillis(500L * halves).toNanos()))
			.toList();
		if (value < 0) {
			assertThat(exact).contains(-1L);
			return 0;
		}
		assertThat(exact).anySatisfy((one) -> assertThat(value).isBetween(one, one + one / 8 + 1_000));
		return 1;
	}

	private static long exact(int percentile, List<long[]> added, long since) {
		long[] values = added.stream()
			.filter((one) -> one[0] - since >= 0)
			.mapToLong((one) -> one[1])
			.sorted()
			.toArray();
		return (values.length < LatencyPercentile.MIN_VALUES) ? -1
				: values[(values.length * percentile + 99) / 100 - 1];
	}

	@ParameterizedTest
	@ValueSource(ints = { 50, 75, 99 })
	void aHundredValuesAreRankedExactly(int percentile) {
		LatencyPercentile latency = new LatencyPercentile(this.time.nanos());
		Integer[] order = IntStream.range(0, 100).boxed().toArray(Integer[]::new);
		java.util.Collections.shuffle(Arrays.asList(order), new java.util.Random(3));
		for (int i : order) {
			// So far apart that each has a bucket of its own.
			latency.add(Math.round(10_000 * Math.pow(1.15, i)), this.time.nanos());
		}
		long exact = Math.round(10_000 * Math.pow(1.15, percentile - 1));
		assertThat(latency.value(percentile, this.time.nanos())).isBetween(exact, exact + exact / 8 + 1_000);
	}

	@ParameterizedTest
	@ValueSource(longs = { Long.MAX_VALUE - 5_000_000_000L, -1, Long.MIN_VALUE })
	void worksWhereverTheClockStands(long start) {
		LatencyPercentile latency = new LatencyPercentile(start);
		for (int call = 0; call < 1_000; call++) {
			latency.add((call < 500) ? 1_000_000 : 9_000_000, start + call * 60_000_000L);
		}
		// The last thirty seconds are slow.
		assertThat(latency.value(50, start + 60_000_000_000L)).isBetween(9_000_000L, 10_200_000L);
	}

}
