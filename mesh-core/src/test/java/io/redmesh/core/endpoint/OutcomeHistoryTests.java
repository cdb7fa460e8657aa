package io.redmesh.core.endpoint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Tests of the history of an endpoint's attempts, compared with a list of them. */
class OutcomeHistoryTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private static final Set<Result> FAILURES = EnumSet.of(Result.FAILURE, Result.GATEWAY_FAILURE, Result.UNANSWERED,
			Result.UNREACHABLE, Result.CERTIFICATE);

	private static final Set<Result> COUNTED = EnumSet.complementOf(EnumSet.of(Result.NOTHING));

	private final OutcomeHistory history = new OutcomeHistory();

	private final List<Ended> attempts = new ArrayList<>();

	@Test
	void agreesWithTheListOfAttempts() {
		SplittableRandom random = new SplittableRandom(8);
		long now = 0;
		int row = 0;
		int gateway = 0;
		int unanswered = 0;
		double penalty = 0;
		long changed = 0;
		for (int attempt = 0; attempt < 8_000; attempt++) {
			now += random.nextLong((random.nextInt(300) == 0) ? 20 * SECOND : SECOND / 5);
			Result result = Result.values()[random.nextInt(Result.values().length)];
			double left = penalty * Math.exp((changed - now) / (4.0 * SECOND));
			if (FAILURES.contains(result) || result == Result.RELAY) {
				penalty = Math.min(4, left + 1);
				changed = now;
			}
			else if (result != Result.NOTHING) {
				penalty = left / 2;
				changed = now;
			}
			if (FAILURES.contains(result)) {
				row++;
				gateway = (result == Result.FAILURE) ? 0 : gateway + 1;
				unanswered = (result == Result.FAILURE || result == Result.GATEWAY_FAILURE) ? 0 : unanswered + 1;
			}
			else if (result == Result.SUCCESS || result == Result.REJECTION) {
				row = 0;
				gateway = 0;
				unanswered = 0;
			}
			assertThat(this.history.count(result, now)).as("failures in a row").isEqualTo(row);
			assertThat(this.history.gatewayFailuresInARow()).isEqualTo(gateway);
			assertThat(this.history.unansweredInARow()).isEqualTo(unanswered);
			this.attempts.add(new Ended(result, now));
			double expected = penalty * Math.exp((changed - now) / (4.0 * SECOND));
			assertThat((double) this.history.penalty(now)).isCloseTo(expected, within(0.05));
			assertCounts(now);
			if (random.nextInt(500) == 0) {
				this.history.forget();
				this.attempts.clear();
				row = 0;
				gateway = 0;
				unanswered = 0;
				penalty = 0;
				assertThat(this.history.penalty(now)).isZero();
				assertCounts(now);
			}
		}
	}

	private void assertCounts(long now) {
		assertThat(this.history.attempts(now)).isEqualTo(recent(now, COUNTED));
		assertThat(this.history.failures(now)).isEqualTo(recent(now, FAILURES));
		assertThat(this.history.compared(Result.REJECTION, now)).isEqualTo(recent(now, EnumSet.of(Result.REJECTION)));
		assertThat(this.history.compared(Result.RELAY, now)).isEqualTo(recent(now, EnumSet.of(Result.RELAY)));
	}

	private int recent(long now, Set<Result> results) {
		int count = 0;
		for (int i = this.attempts.size() - 1; i >= 0 && now / SECOND - this.attempts.get(i).at / SECOND < 10; i--) {
			count += results.contains(this.attempts.get(i).result) ? 1 : 0;
		}
		return count;
	}

	@Test
	void aSuccessOfAnEndpointWithoutFailuresLeavesNoPenalty() {
		for (int attempt = 0; attempt < 100; attempt++) {
			assertThat(this.history.count(Result.SUCCESS, attempt * SECOND)).isZero();
			assertThat(this.history.penalty(attempt * SECOND)).isZero();
		}
	}

	@Test
	void theLargestPenaltyIsAboutAQuarterAfterElevenSeconds() {
		for (int failure = 0; failure < 20; failure++) {
			this.history.count(Result.FAILURE, 0);
		}
		assertThat(this.history.penalty(0)).isEqualTo(OutcomeHistory.MAX_PENALTY);
		assertThat((double) this.history.penalty(11 * SECOND)).isCloseTo(0.25, within(0.01));
	}

	/** An attempt that has ended. */
	private record Ended(Result result, long at) {

	}

}
