package io.redmesh.demo.launcher;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LogLinesTests {

	@Test
	void findsTheTimeOfTheLastMatchingLine() {
		List<String> lines = List.of("2026-11-24T01:00:00.100Z  INFO 1 --- Deregistered orders",
				"2026-11-24T02:00:00.200+01:00  INFO 1 --- Deregistered orders", "\tat Deregistered.frame()",
				"2026-11-24T03:00:00.300Z  INFO 1 --- Registered orders");
		assertThat(LogLines.last(lines, "Deregistered")).hasValue(Instant.parse("2026-11-24T01:00:00.200Z"));
		assertThat(LogLines.last(lines, "Evicted")).isEmpty();
	}

}
