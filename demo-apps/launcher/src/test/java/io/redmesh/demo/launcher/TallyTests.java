package io.redmesh.demo.launcher;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TallyTests {

	private final Tally tally = new Tally();

	@Test
	void percentileIsTheNearestRank() {
		for (int i = 2000; i >= 1; i--) {
			this.tally.answered(Duration.ofMillis(i));
		}
		assertThat(this.tally.percentile(0)).isEqualTo(Duration.ofMillis(1));
		assertThat(this.tally.percentile(50)).isEqualTo(Duration.ofMillis(1000));
		assertThat(this.tally.percentile(99)).isEqualTo(Duration.ofMillis(1980));
		assertThat(this.tally.percentile(100)).isEqualTo(Duration.ofMillis(2000));
	}

	@Test
	void withoutCallsPercentileIsZero() {
		assertThat(this.tally.percentile(99)).isZero();
	}

	@Test
	void failuresAreCountedByReasonAndAsCalls() {
		this.tally.answered(Duration.ofMillis(1));
		this.tally.failed(Duration.ofMillis(2), "HTTP 503");
		this.tally.failed(Duration.ofMillis(3), "HTTP 503");
		this.tally.failed(Duration.ofMillis(4), "timed out");
		assertThat(this.tally.calls()).isEqualTo(4);
		assertThat(this.tally.failed()).isEqualTo(3);
		assertThat(this.tally.failures()).containsEntry("HTTP 503", 2).containsEntry("timed out", 1).hasSize(2);
	}

}
