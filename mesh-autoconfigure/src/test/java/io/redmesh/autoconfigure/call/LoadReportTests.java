package io.redmesh.autoconfigure.call;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class LoadReportTests {

	@ParameterizedTest
	@CsvSource({ "'inflight=3,util=0.42', 0.42", "'util=1.20,inflight=6', 1.2", "util=0, 0", "util=1, 1",
			"util=0.00, 0", "util=12.5, 12.5" })
	void utilizationIsRead(String report, float utilization) {
		assertThat(LoadReport.utilization(report)).isEqualTo(utilization);
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", "inflight=3", "util=", "util=.", "util=-1", "util=0.4x", "util=0..4", "util= 0.4",
			"futil=0.4", "util=1234567", "util=NaN", "util=1e9" })
	void nonsenseIsNothing(@Nullable String report) {
		assertThat(LoadReport.utilization(report)).isEqualTo(LoadReport.NONE);
	}

}
