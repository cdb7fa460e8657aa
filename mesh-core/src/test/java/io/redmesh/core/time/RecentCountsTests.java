package io.redmesh.core.time;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RecentCountsTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private final RecentCounts counts = new RecentCounts();

	@ParameterizedTest
	@ValueSource(longs = { 0, -3, Long.MAX_VALUE / 2, -7_000_000_000L, 65_535_900_000_000L })
	void countsTheLastTenSeconds(long start) {
		for (int second = 0; second < 30; second++) {
			long now = start + second * SECOND;
			this.counts.add(0, now);
			this.counts.add(0, now);
			this.counts.add(2, now);
			assertThat(this.counts.sum(0, now)).isEqualTo(2 * Math.min(second + 1, 10));
			assertThat(this.counts.sum(1, now)).isZero();
			assertThat(this.counts.sum(2, now)).isEqualTo(Math.min(second + 1, 10));
		}
		assertThat(this.counts.sum(0, start + 45 * SECOND)).isZero();
	}

	@Test
	void countsManyInASecond() {
		for (int i = 0; i < 40_000; i++) {
			this.counts.add(0, 0);
			this.counts.add(0, 0);
			this.counts.add(1, 0);
		}
		assertThat(this.counts.sum(0, 0)).isEqualTo(80_000);
		assertThat(this.counts.sum(1, 0)).isEqualTo(40_000);
	}

	@ParameterizedTest
	@ValueSource(longs = { 11, 65_530, 65_536, 65_545, 327_680, 1L << 32 })
	void countsOfLongAgoDoNotComeBack(long seconds) {
		this.counts.add(0, 5 * SECOND);
		assertThat(this.counts.sum(0, (5 + seconds) * SECOND)).isZero();
		this.counts.add(0, (5 + seconds) * SECOND);
		assertThat(this.counts.sum(0, (5 + seconds) * SECOND)).isOne();
	}

	@Test
	void manyThreadsCountTogether() {
		Stream<CompletableFuture<Void>> threads = IntStream.range(0, 4)
			.mapToObj((thread) -> CompletableFuture
				.runAsync(() -> IntStream.range(0, 10_000).forEach((i) -> this.counts.add(1, i * 1_000_000L))));
		threads.toList().forEach(CompletableFuture::join);
		assertThat(this.counts.sum(1, 9_999_999_999L)).isEqualTo(40_000);
	}

	@Test
	void forgetsAll() {
		this.counts.add(0, 0);
		this.counts.forget();
		assertThat(this.counts.sum(0, 0)).isZero();
	}

}
