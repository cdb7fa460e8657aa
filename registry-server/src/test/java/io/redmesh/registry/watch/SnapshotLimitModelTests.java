package io.redmesh.registry.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the limit of watches that begin with a snapshot, against exact arithmetic. */
class SnapshotLimitModelTests {

	/** A time that is exact in binary: 1/64 s. */
	private static final Duration STEP = Duration.ofNanos(15_625_000);

	private final ManualTime time = new ManualTime();

	@ParameterizedTest
	@CsvSource({ "1, 1", "2, 1", "3, 2", "4, 7", "5, 64", "6, 1000", "7, 1000" })
	void admissionsAreThoseOfABucketThatCountsInFractions(long seed, int perSecond) {
		Random random = new Random(seed);
		SnapshotLimit limit = new SnapshotLimit(perSecond, this.time);
		// Unit: 1/64 of a token.
		long bucket = 64L * perSecond;
		int admitted = 0;
		for (int i = 0; i < 1_000; i++) {
			if (random.nextInt(3) == 0) {
				int steps = random.nextInt(10);
				this.time.forward(STEP.multipliedBy(steps));
				bucket = Math.min(64L * perSecond, bucket + (long) steps * perSecond);
			}
			for (int burst = random.nextInt(2 + perSecond / 4); burst > 0; burst--) {
				boolean expected = bucket >= 64;
				bucket -= expected ? 64 : 0;
				assertThat(limit.admit()).isEqualTo(expected);
				admitted += expected ? 1 : 0;
			}
		}
		assertThat(admitted).isPositive();
	}

	@Test
	void refusalsCostNothing() {
		SnapshotLimit limit = new SnapshotLimit(1, this.time);
		assertThat(limit.admit()).isTrue();
		for (int i = 0; i < 64; i++) {
			assertThat(limit.admit()).isFalse();
			this.time.forward(STEP);
		}
		assertThat(limit.admit()).isTrue();
	}

	@Test
	void threadsAtOneInstantShareOneBucket() {
		SnapshotLimit limit = new SnapshotLimit(1_000, this.time);
		AtomicInteger admitted = new AtomicInteger();
		List<CompletableFuture<Void>> threads = new ArrayList<>();
		for (int thread = 0; thread < 4; thread++) {
			threads.add(CompletableFuture.runAsync(() -> {
				for (int i = 0; i < 1_000; i++) {
					admitted.addAndGet(limit.admit() ? 1 : 0);
				}
			}));
		}
		threads.forEach(CompletableFuture::join);
		assertThat(admitted).hasValue(1_000);
	}

}
