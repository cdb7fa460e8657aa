package io.redmesh.autoconfigure.inbound;

import java.time.Duration;
import java.util.Map;

import io.redmesh.autoconfigure.call.MeshHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class MeshRequestHeadersTests {

	@Test
	void missingHeadersMeanDefaults() {
		assertThat(MeshRequestHeaders.of((name) -> null)).isEqualTo(new MeshRequestHeaders(null, 1, null, false));
	}

	@ParameterizedTest
	@CsvSource({ "1, 1", "250, 250", "86400000, 86400000", "0, 0", "-5, -5", "007, 7" })
	void timeoutIsKept(String value, long millis) {
		MeshRequestHeaders headers = arrival(MeshHeaders.TIMEOUT, value);
		assertThat(headers.timeout()).isEqualTo(Duration.ofMillis(millis));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "-", " 5", "+5", "5ms", "1.5", "1e3", "--5", "٥", "86400001", "9999999999",
			"99999999999", "9223372036854775808", "null" })
	void timeoutThatIsNonsenseIsNone(String value) {
		MeshRequestHeaders headers = arrival(MeshHeaders.TIMEOUT, value);
		assertThat(headers.timeout()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "1, 1", "2, 2", "99, 99", "0, 1", "-1, 1", "100, 1", "4294967297, 1", "two, 1", "'', 1" })
	void attemptIsOneUnlessItIsANumber(String value, int attempt) {
		assertThat(arrival(MeshHeaders.ATTEMPT, value).attempt()).isEqualTo(attempt);
	}

	@ParameterizedTest
	@CsvSource({ "high, true", "HIGH, true", "low, false", "'', false" })
	void priorityIsHighOrUsual(String value, boolean high) {
		assertThat(arrival(MeshHeaders.PRIORITY, value).high()).isEqualTo(high);
	}

	private static MeshRequestHeaders arrival(String header, String value) {
		return MeshRequestHeaders.of(Map.of(header, value)::get);
	}

}
