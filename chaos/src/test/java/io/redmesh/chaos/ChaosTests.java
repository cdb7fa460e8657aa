package io.redmesh.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;

import io.redmesh.chaos.history.Violation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random faults for {@code chaos.minutes}, and a check of the history; {@code .ci/chaos}
 * starts the test.
 */
@Tag("chaos")
class ChaosTests {

	private static final int MAX_TOLD = 12;

	@Test
	void nothingThatMustNotHappenHappens() {
		long seed = Long.getLong("chaos.seed", new Random().nextInt(1_000_000));
		double minutes = Double.parseDouble(System.getProperty("chaos.minutes", "2"));
		TopologyKind kind = TopologyKind
			.valueOf(System.getProperty("chaos.topology", "single").toUpperCase(Locale.ROOT).replace('-', '_'));
		try (ChaosRun run = new ChaosRun(seed, kind)) {
			List<Violation> violations = run.run(Duration.ofMillis((long) (minutes * 60_000)));
			violations.stream().limit(MAX_TOLD).forEach((violation) -> System.out.println("\n" + violation));
			System.out.println("\n" + run.summary() + ", " + violations.size() + " violations");
			assertThat(run.harnessFailures()).isEmpty();
			assertThat(violations).extracting(Violation::rule).as("--seed " + seed).isEmpty();
		}
	}

}
