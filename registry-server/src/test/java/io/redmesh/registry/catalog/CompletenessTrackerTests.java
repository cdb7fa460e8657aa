package io.redmesh.registry.catalog;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the moment at which an incomplete list is declared complete. */
class CompletenessTrackerTests {

	private final ManualTime time = new ManualTime();

	private final CompletenessTracker tracker = new CompletenessTracker(this.time);

	private final AtomicInteger completions = new AtomicInteger();

	@Test
	void silenceAloneCompletesNothingOnlyASweepDoes() {
		await(15);
		this.time.forward(Duration.ofMinutes(10));
		assertThat(this.completions).hasValue(0);
		this.tracker.swept(false);
		assertThat(this.completions).hasValue(1);
	}

	@Test
	void sweepsBeforeTheShortestTimeCompleteNothing() {
		await(15);
		assertThat(millisecondsUntilComplete(Duration.ofMillis(100))).isEqualTo(15_000);
	}

	@Test
	void aWaitShorterThanTheQuietTimeIsKeptExactly() {
		await(2);
		assertThat(millisecondsUntilComplete(Duration.ofMillis(100))).isEqualTo(2_000);
	}

	@Test
	void anArrivalEarlyInTheWaitExtendsNothing() {
		await(15);
		this.time.forward(Duration.ofMillis(9_900));
		this.tracker.noteArrival();
		assertThat(9_900 + millisecondsUntilComplete(Duration.ofMillis(100))).isEqualTo(15_000);
	}

	@ParameterizedTest
	@ValueSource(longs = { 10_100, 12_000, 14_900 })
	void anArrivalInTheLastFiveSecondsExtendsTheWaitByOneQuietTime(long arrival) {
		await(15);
		this.time.forward(Duration.ofMillis(arrival));
		this.tracker.noteArrival();
		assertThat(arrival + millisecondsUntilComplete(Duration.ofMillis(100))).isEqualTo(20_000);
	}

	@Test
	void arrivalsWithoutEndExtendTheWaitByTenTtlsAtMost() {
		await(15);
		long elapsed = 0;
		while (this.completions.get() == 0 && elapsed < 1_000) {
			this.tracker.noteArrival();
			this.time.forward(Duration.ofSeconds(1));
			elapsed++;
			this.tracker.swept(false);
		}
		assertThat(elapsed).isEqualTo(15 + 150);
	}

	@Test
	void graceAfterTheSilenceBeginsAnotherQuietTime() {
		await(15);
		sweepAfter(Duration.ofSeconds(15), true);
		this.tracker.swept(false);
		sweepAfter(Duration.ofMillis(4_900), false);
		assertThat(this.completions).as("the next quiet time is not over").hasValue(0);
		sweepAfter(Duration.ofMillis(100), false);
		assertThat(this.completions).hasValue(1);
	}

	@Test
	void graceWhileTheWaitGoesOnDelaysNothing() {
		await(15);
		sweepAfter(Duration.ofSeconds(14), true);
		sweepAfter(Duration.ofSeconds(1), false);
		assertThat(this.completions).hasValue(1);
	}

	@Test
	void anArrivalBetweenTheSilenceAndItsSweepIsTooLate() {
		await(15);
		this.time.forward(Duration.ofSeconds(16));
		this.tracker.noteArrival();
		this.tracker.swept(false);
		assertThat(this.completions).hasValue(1);
	}

	@Test
	void arrivalsDuringGraceCountForTheQuietTimeThatFollows() {
		await(15);
		sweepAfter(Duration.ofSeconds(15), true);
		this.tracker.noteArrival();
		sweepAfter(Duration.ofSeconds(5), false);
		assertThat(this.completions).hasValue(0);
		sweepAfter(Duration.ofSeconds(5), false);
		assertThat(this.completions).hasValue(1);
	}

	@Test
	void aListIsCompletedOnce() {
		await(15);
		this.time.forward(Duration.ofSeconds(15));
		for (int i = 0; i < 60; i++) {
			this.tracker.swept(false);
			this.time.forward(Duration.ofSeconds(1));
		}
		assertThat(this.completions).hasValue(1);
		assertThat(this.time.pending()).isEmpty();
	}

	@Test
	void aCancelledWaitCompletesNothingAndLeavesNoTimer() {
		await(15);
		this.time.forward(Duration.ofSeconds(12));
		this.tracker.cancel();
		assertThat(this.time.pending()).isEmpty();
		sweepAfter(Duration.ofMinutes(1), false);
		assertThat(this.completions).hasValue(0);
	}

	@Test
	void aWaitThatIsAlreadyQuietCanStillBeCancelled() {
		await(15);
		this.time.forward(Duration.ofSeconds(20));
		this.tracker.cancel();
		this.tracker.swept(false);
		assertThat(this.completions).hasValue(0);
	}

	@Test
	void aSecondWaitReplacesTheFirstWithItsTimeAndItsAction() {
		AtomicInteger first = new AtomicInteger();
		this.tracker.await(Duration.ofSeconds(15), first::incrementAndGet);
		this.time.forward(Duration.ofSeconds(15));
		await(15);
		assertThat(this.time.pending()).hasSize(1);
		this.tracker.swept(false);
		assertThat(this.completions).hasValue(0);
		assertThat(millisecondsUntilComplete(Duration.ofMillis(100))).isEqualTo(15_000);
		assertThat(first).hasValue(0);
	}

	@Test
	void aSecondWaitHasTheWholeLimitAgain() {
		await(15);
		for (int i = 0; i < 100; i++) {
			this.tracker.noteArrival();
			this.time.forward(Duration.ofSeconds(1));
		}
		await(15);
		long elapsed = 0;
		while (this.completions.get() == 0 && elapsed < 1_000) {
			this.tracker.noteArrival();
			this.time.forward(Duration.ofSeconds(1));
			elapsed++;
			this.tracker.swept(false);
		}
		assertThat(elapsed).isEqualTo(165);
	}

	@Test
	void theActionMayBeginTheNextWait() {
		this.tracker.await(Duration.ofSeconds(3), () -> await(4));
		sweepAfter(Duration.ofSeconds(3), false);
		assertThat(millisecondsUntilComplete(Duration.ofMillis(100))).isEqualTo(4_000);
	}

	private void await(int seconds) {
		this.tracker.await(Duration.ofSeconds(seconds), this.completions::incrementAndGet);
	}

	private void sweepAfter(Duration pause, boolean grace) {
		this.time.forward(pause);
		this.tracker.swept(grace);
	}

	/** Sweeps without grace at an interval until the list is complete. */
	private long millisecondsUntilComplete(Duration interval) {
		long elapsed = 0;
		while (this.completions.get() == 0 && elapsed < Duration.ofMinutes(10).toMillis()) {
			this.time.forward(interval);
			elapsed += interval.toMillis();
			this.tracker.swept(false);
		}
		return elapsed;
	}

}
