package io.redmesh.demo.launcher;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class PaceTests {

	@ParameterizedTest
	@CsvSource({ "0, 1", "3, 1", "40, 10", "412.9, 103", "799, 199", "800, 200", "5000, 200" })
	void takesAQuarterOfTheThroughput(double throughput, int expected) {
		assertThat(Pace.of(throughput, 2).perSecond()).isEqualTo(expected);
	}

	@Test
	void containsTheReason() {
		assertThat(Pace.of(412.4, 1)).hasToString("103 calls/s (a quarter leaves room for a JVM to start: "
				+ "412 calls/s were served at full speed on 1 processor)");
		assertThat(Pace.of(900, 2))
			.hasToString("200 calls/s (more is not needed: 900 calls/s were served at full speed on 2 processors)");
		assertThat(Pace.requested(50)).hasToString("50 calls/s (set with --rate)");
	}

	@Test
	void canBeHalvedRepeatedly() {
		Pace halved = Pace.of(40, 1).halved();
		assertThat(halved.perSecond()).isEqualTo(5);
		assertThat(halved.reason()).startsWith("half of 10, at which responses did not keep up; a quarter leaves room");
		assertThat(Pace.of(1, 1).halved().perSecond()).isOne();
	}

}
