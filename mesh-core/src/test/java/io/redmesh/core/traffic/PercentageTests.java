package io.redmesh.core.traffic;

import java.util.SplittableRandom;
import java.util.stream.LongStream;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PercentageTests {

	@Test
	void includesItsShareOfRequests() {
		LongStream chances = new SplittableRandom(3).longs(100_000);
		assertThat(chances.filter(new Percentage(12.5)::includes).count()).isCloseTo(12_500, Offset.offset(500L));
	}

	@Test
	void noneAndAllKnowNoExceptions() {
		for (long random : new long[] { 0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE }) {
			assertThat(Percentage.NONE.includes(random)).isFalse();
			assertThat(Percentage.ALL.includes(random)).isTrue();
		}
	}

}
