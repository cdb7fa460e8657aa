package io.redmesh.registry.store.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;

import io.redmesh.core.time.Time;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of fences under a clock that goes back, and of fences that clients invent. */
class FencesTests {

	private static final long START = 1_790_000_000_000L;

	private static final long YEAR = Duration.ofDays(365).toMillis();

	private final WallClock clock = new WallClock();

	private final Fences fences = new Fences(this.clock);

	@Test
	void fenceIsTheTimeAndGrowsWithinOneMillisecond() {
		assertThat(this.fences.next(0)).isEqualTo(START);
		assertThat(this.fences.next(0)).isEqualTo(START + 1);
		this.clock.millis += 1_000;
		assertThat(this.fences.next(0)).isEqualTo(START + 1_000);
	}

	@Test
	void fencesGrowWhileTheClockGoesBack() {
		long before = this.fences.next(0);
		this.clock.millis -= Duration.ofDays(30).toMillis();
		assertThat(this.fences.next(0)).isEqualTo(before + 1);
		assertThat(this.fences.next(0)).isEqualTo(before + 2);
		this.clock.millis = before + 2;
		assertThat(this.fences.next(0)).as("the time itself is taken already").isEqualTo(before + 3);
	}

	@Test
	void fenceThatWasShownIsExceededUnlessItIsMoreThanAYearAhead() {
		assertThat(this.fences.next(START + 5_000)).isEqualTo(START + 5_001);
		assertThat(this.fences.next(START - 5_000)).isEqualTo(START + 5_002);
		assertThat(this.fences.next(START + YEAR + 1)).as("invented").isEqualTo(START + 5_003);
		assertThat(this.fences.next(Long.MAX_VALUE)).isEqualTo(START + 5_004);
		assertThat(this.fences.next(START + YEAR)).isEqualTo(START + YEAR + 1);
	}

	@Test
	void credibleIsWhatAClockMayHaveGivenOut() {
		assertThat(this.fences.credible(START + YEAR)).isEqualTo(START + YEAR);
		assertThat(this.fences.credible(START + YEAR + 1)).isZero();
		assertThat(this.fences.credible(0)).isZero();
		this.clock.millis++;
		assertThat(this.fences.credible(START + YEAR + 1)).isEqualTo(START + YEAR + 1);
	}

	@Test
	void nothingIsInUseUntilAFenceIsGivenOrRestored() {
		assertThat(this.fences.areInUse()).isFalse();
		this.fences.atLeast(0);
		assertThat(this.fences.areInUse()).isFalse();
		this.fences.atLeast(7);
		assertThat(this.fences.areInUse()).isTrue();
	}

	@Test
	void randomClocksAndFencesNeverRepeatOrShrink() {
		Random random = new Random(33);
		for (int run = 0; run < 200; run++) {
			WallClock clock = new WallClock();
			Fences fences = new Fences(clock);
			long highest = 0;
			for (int step = 0; step < 100; step++) {
				clock.millis += random.nextInt(2_000_001) - 1_000_000;
				long other = clock.millis
						+ (random.nextBoolean() ? random.nextInt(5_000) - 2_500 : (random.nextInt(5) - 2) * YEAR);
				boolean credible = other <= clock.millis + YEAR;
				if (random.nextInt(3) == 0) {
					fences.atLeast(fences.credible(other));
					highest = Math.max(highest, credible ? other : 0);
				}
				else {
					long next = fences.next(other);
					assertThat(next).isGreaterThan(highest).isGreaterThanOrEqualTo(clock.millis);
					if (credible) {
						assertThat(next).isGreaterThan(other);
					}
					assertThat(next).as("no higher than it must be")
						.isIn(clock.millis, highest + 1, credible ? other + 1 : 0);
					highest = next;
				}
			}
		}
	}

	/** A clock that a test sets to any time. */
	private static final class WallClock implements Time {

		private long millis = START;

		@Override
		public long nanos() {
			throw new UnsupportedOperationException();
		}

		@Override
		public Instant now() {
			return Instant.ofEpochMilli(this.millis);
		}

		@Override
		public void sleep(Duration duration) {
			throw new UnsupportedOperationException();
		}

	}

}
