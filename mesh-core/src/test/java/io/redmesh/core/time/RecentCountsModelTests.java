package io.redmesh.core.time;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of counts over ten seconds, compared with a list of all events. */
class RecentCountsModelTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	@ParameterizedTest
	@ValueSource(longs = { 0, -50_000_000_000L, Long.MIN_VALUE + 999, 123_456_789_012_345L })
	void agreeWithAListOfEvents(long start) {
		RecentCounts counts = new RecentCounts();
		SplittableRandom random = new SplittableRandom(start);
		List<long[]> events = new ArrayList<>();
		long now = start;
		for (int step = 0; step < 5_000; step++) {
			now += random.nextLong((random.nextInt(200) == 0) ? 30 * SECOND : SECOND / 4);
			// A thread may arrive with a time that it has read a little before.
			long read = start + Math.max(0, now - start - random.nextLong(2 * SECOND));
			int counter = random.nextInt(RecentCounts.COUNTERS);
			counts.add(counter, read);
			events.add(new long[] { counter, Math.floorDiv(read, SECOND) });
			long second = Math.floorDiv(now, SECOND);
			events.removeIf((event) -> second - event[1] >= 10);
			for (int i = 0; i < RecentCounts.COUNTERS; i++) {
				int index = i;
				assertThat(counts.sum(i, now))
					.isEqualTo((int) events.stream().filter((event) -> event[0] == index).count());
			}
			if (random.nextInt(700) == 0) {
				counts.forget();
				events.clear();
			}
		}
	}

	@Test
	void aReaderThatIsLateDoesNotCountWhatCameAfterIt() {
		RecentCounts counts = new RecentCounts();
		for (int second = 0; second < 8; second++) {
			counts.add(0, second * SECOND);
		}
		assertThat(counts.sum(0, 7 * SECOND)).isEqualTo(8);
		assertThat(counts.sum(0, 3 * SECOND)).isEqualTo(4);
		assertThat(counts.sum(0, 9 * SECOND + SECOND - 1)).isEqualTo(8);
		assertThat(counts.sum(0, 10 * SECOND)).isEqualTo(7);
	}

	@ParameterizedTest
	@CsvSource({ "PT0S, 0", "PT1.000000001S, 1000000001", "PT-0.000000001S, -1", "PT-3H, -10800000000000" })
	void durationsInRangeAreConvertedExactly(Duration duration, long nanos) {
		assertThat(Time.nanos(duration)).isEqualTo(nanos);
	}

	@Test
	void durationsOutOfRangeSaturateWithoutOverflow() {
		for (Duration ages : List.of(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofDays(80_000),
				Duration.ofNanos(Time.MAX_NANOS).plusNanos(1))) {
			assertThat(Time.nanos(ages)).isEqualTo(Time.MAX_NANOS);
			assertThat(Time.nanos(ages.negated())).isEqualTo(-Time.MAX_NANOS);
		}
		assertThat(Time.nanos(Duration.ofNanos(Time.MAX_NANOS))).isEqualTo(Time.MAX_NANOS);
		assertThat(Time.nanos(Duration.ofDays(365 * 146))).isLessThan(Time.MAX_NANOS);
	}

}
