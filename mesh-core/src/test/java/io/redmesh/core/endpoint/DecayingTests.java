package io.redmesh.core.endpoint;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Tests of numbers that decay, compared with the exponential function. */
class DecayingTests {

	private static final Duration CONSTANT = Duration.ofSeconds(5);

	private final Decaying number = new Decaying(CONSTANT);

	@ParameterizedTest
	@ValueSource(longs = { 0, -77, 1_000_000_000, Long.MAX_VALUE - 20_000_000_000L, Long.MIN_VALUE + 7 })
	void fallsByTheFactorEInEachTimeConstant(long start) {
		this.number.change(0, 1_000, 1_000, start);
		for (int millis = 0; millis < 39_000; millis += 13) {
			double exact = 1_000 * Math.exp(-millis / 5_000.0);
			assertThat((double) this.number.value(start + millis * 1_000_000L)).isCloseTo(exact,
					Percentage.withPercentage(0.6));
		}
		assertThat(this.number.value(start + 8 * CONSTANT.toNanos() + 10_000_000)).isZero();
	}

	@Test
	void peaksCountAtOnceAndLowerValuesTakeTheirTime() {
		SplittableRandom random = new SplittableRandom(3);
		long now = 0;
		double exact = 0;
		for (int observation = 0; observation < 2_000; observation++) {
			// Whole ticks of 2^22 ns, so that the model has no error of its own.
			long elapsed = (long) random.nextInt(600) << 22;
			now += elapsed;
			double factor = Math.exp(-elapsed / (double) CONSTANT.toNanos());
			double left = exact * factor;
			float observed = random.nextInt(1, 1_000_000);
			if (Math.abs(observed - left) < 0.02 * left) {
				// A peak by the number or by the model, but perhaps not by both.
				observed *= 2;
			}
			exact = (observed > left) ? observed : left + observed * (1 - factor);
			this.number.observe(observed, now);
			assertThat((double) this.number.value(now)).isCloseTo(exact, Percentage.withPercentage(1));
			assertThat(this.number.value(now)).isGreaterThanOrEqualTo(observed * 0.999F);
			exact = this.number.value(now);
		}
	}

	@Test
	void aChangeMultipliesAddsAndStopsAtItsLimit() {
		this.number.change(1, 1, 4, 0);
		assertThat(this.number.value(0)).isOne();
		this.number.change(0.5F, 2, 4, 0);
		assertThat(this.number.value(0)).isEqualTo(2.5F);
		this.number.change(2, 0, 4, 0);
		assertThat(this.number.value(0)).isEqualTo(4);
		this.number.change(1, 1, 4, CONSTANT.toNanos());
		assertThat((double) this.number.value(CONSTANT.toNanos())).isCloseTo(1 + 4 / Math.E, within(0.02));
		this.number.forget();
		assertThat(this.number.value(CONSTANT.toNanos())).isZero();
	}

	@Test
	void aThreadThatArrivesLateSeesTheValueUndecayed() {
		long now = Duration.ofHours(1).toNanos();
		this.number.change(0, 8, 8, now);
		for (int seconds : new int[] { 0, 1, 30, 60 }) {
			assertThat(this.number.value(now - Duration.ofSeconds(seconds).toNanos())).isEqualTo(8);
		}
		this.number.change(1, 1, 100, now - Duration.ofSeconds(3).toNanos());
		assertThat(this.number.value(now)).isLessThanOrEqualTo(9).isGreaterThan(4);
	}

	@Test
	void changesOfManyThreadsAreNotLost() {
		Stream<CompletableFuture<Void>> threads = IntStream.range(0, 4)
			.mapToObj((thread) -> CompletableFuture
				.runAsync(() -> IntStream.range(0, 5_000).forEach((i) -> this.number.change(1, 1, 1_000_000, 0))));
		threads.toList().forEach(CompletableFuture::join);
		assertThat(this.number.value(0)).isEqualTo(20_000);
	}

}
