package io.redmesh.core.call;

import java.time.Duration;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the deadline of a call, whatever the monotonic clock reads. */
class DeadlineTests {

	@ParameterizedTest
	@ValueSource(longs = { 0, 1_000_000_000, -5, Long.MAX_VALUE - 3, Long.MIN_VALUE, Long.MAX_VALUE / 2 })
	void theSoonerOfBothLimitsCountsWhereverTheClockStands(long now) {
		SplittableRandom random = new SplittableRandom(5);
		for (int trial = 0; trial < 2_000; trial++) {
			long own = (random.nextInt(4) == 0) ? 0 : random.nextLong(1, 100);
			boolean limited = random.nextBoolean();
			long outside = random.nextLong(-50, 100);
			Deadline caller = limited ? new Deadline(true, now + outside) : Deadline.NONE;
			Deadline deadline = caller.within(Duration.ofNanos(own), now);
			assertThat(deadline.limited()).isEqualTo(limited || own > 0);
			long left = Math.min(limited ? outside : Long.MAX_VALUE, (own > 0) ? own : Long.MAX_VALUE);
			long later = random.nextLong(0, 60);
			long delay = random.nextLong(0, 60);
			if (deadline.limited()) {
				assertThat(deadline.left(now + later)).isEqualTo(Math.max(1, left - later));
				assertThat(deadline.isPassed(now + later)).isEqualTo(left - later <= 0);
				assertThat(deadline.isPassedAfter(delay, now + later)).isEqualTo(left - later - delay <= 0);
			}
			else {
				assertThat(deadline.left(now + later)).isEqualTo(Long.MAX_VALUE);
				assertThat(deadline.isPassedAfter(delay, now + later)).isFalse();
			}
		}
	}

	@Test
	void theLongestTimeoutIsLongerThanAnyDeadlineFromOutside() {
		long now = Long.MAX_VALUE - 7;
		Duration ages = Duration.ofSeconds(Long.MAX_VALUE);
		Deadline own = Deadline.NONE.within(ages, now);
		assertThat(own.isPassed(now)).isFalse();
		assertThat(own.left(now)).isGreaterThan(Duration.ofDays(36_500).toNanos());
		Deadline outside = new Deadline(true, now + 9).within(ages, now);
		assertThat(outside.left(now)).isEqualTo(9);
		assertThat(outside.isPassed(now + 8)).isFalse();
		assertThat(outside.isPassed(now + 9)).isTrue();
	}

	@Test
	void theLongestPauseDoesNotOverflow() {
		Deadline deadline = Deadline.NONE.within(Duration.ofNanos(100), 0);
		assertThat(deadline.isPassedAfter(Long.MAX_VALUE, 0)).isTrue();
		assertThat(deadline.isPassedAfter(Long.MAX_VALUE, 1_000)).isTrue();
		assertThat(deadline.isPassedAfter(99, 0)).isFalse();
		assertThat(Deadline.NONE.within(Duration.ZERO, 0).isPassedAfter(Long.MAX_VALUE, 0)).isFalse();
	}

}
