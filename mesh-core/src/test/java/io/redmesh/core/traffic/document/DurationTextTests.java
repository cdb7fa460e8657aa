package io.redmesh.core.traffic.document;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class DurationTextTests {

	@ParameterizedTest
	@CsvSource({ "1s, PT1S", "1.5s, PT1.5S", "250ms, PT0.25S", "1h30m, PT1H30M", "1m30.25s, PT1M30.25S", "0s, PT0S",
			"1000us, PT0.001S", "1000000ns, PT0.001S", "0.5ms500us, PT0.001S", ".5s, PT0.5S", "1.s, PT1S" })
	void durationsAreWrittenAsInGo(String text, Duration expected) {
		assertThat(DurationText.parse(text)).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "1", "s", "1 s", "-1s", "+1s", "1d", "1S", "1us", "0.5ms", "1..5s", ".s", "1e3s",
			"1s1", "PT1S", "99999999999999999999h", "100000h", "soon" })
	void anythingElseIsNone(String text) {
		assertThat(DurationText.parse(text)).isNull();
	}

}
