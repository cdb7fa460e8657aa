package io.redmesh.demo.launcher;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReportTests {

	private final Report report = new Report();

	@Test
	void oneFailedCheckFailsTheReport() {
		this.report.check("first", "as expected", true);
		assertThat(this.report.passed()).isTrue();
		this.report.check("second", "never", false);
		assertThat(this.report.passed()).isFalse();
	}

	@Test
	void reportWithoutChecksHasNotPassed() {
		assertThat(this.report.passed()).isFalse();
	}

	@Test
	void showsPhasesFailuresAndChecks() {
		Tally tally = new Tally();
		tally.answered(Duration.ofMillis(3));
		tally.failed(Duration.ofMillis(9), "HTTP 503");
		this.report.phase("kill -9 orders-1", Duration.ofSeconds(16), tally);
		this.report.check("gone within 17 s", "15.8 s", true);
		assertThat(this.report.calls()).isEqualTo(2);
		assertThat(this.report.failedCalls()).isEqualTo(1);
		assertThat(this.report.render().lines())
			.anyMatch((line) -> line.matches("kill -9 orders-1 +16.0s +2 +1 +3.0 +9.0 +9.0"))
			.contains("      1 x HTTP 503")
			.anyMatch((line) -> line.matches("ok +gone within 17 s +15.8 s"));
	}

}
