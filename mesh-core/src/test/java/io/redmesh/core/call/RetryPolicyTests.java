package io.redmesh.core.call;

import java.time.Duration;
import java.util.SplittableRandom;

import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.outlier.OutlierPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/** Tests of the waits before retries, and of the ranges of the policies of calls. */
class RetryPolicyTests {

	private final SplittableRandom random = new SplittableRandom(42);

	@ParameterizedTest
	@CsvSource({ "1, 25", "2, 50", "3, 100", "4, 200", "5, 250", "9, 250", "10, 250" })
	void theWaitIsAnywhereUpToACeilingThatDoubles(int attempts, int ceiling) {
		long limit = Duration.ofMillis(ceiling).toNanos();
		int draws = 20_000;
		double sum = 0;
		long least = Long.MAX_VALUE;
		long most = 0;
		for (int draw = 0; draw < draws; draw++) {
			long delay = RetryPolicy.DEFAULT.delay(attempts, this.random);
			sum += delay;
			least = Math.min(least, delay);
			most = Math.max(most, delay);
		}
		assertThat(least).isBetween(0L, limit / 1000);
		assertThat(most).isBetween(limit - limit / 1000, limit);
		assertThat(sum / draws / limit).isCloseTo(0.5, within(0.01));
	}

	@Test
	void aPolicyMayHaveNoWaitsAtAll() {
		RetryPolicy none = new RetryPolicy(3, Duration.ZERO, Duration.ZERO, 0.2, 3, HedgePolicy.NEVER);
		for (int attempts = 1; attempts <= RetryPolicy.MAX_ATTEMPTS; attempts++) {
			assertThat(none.delay(attempts, this.random)).isZero();
		}
		// The first wait may be zero while a longer one is permitted: nothing doubles.
		assertThat(
				new RetryPolicy(3, Duration.ZERO, Duration.ofDays(1), 0.2, 3, HedgePolicy.NEVER).delay(9, this.random))
			.isZero();
	}

	@ParameterizedTest
	@CsvSource({ "0, 25, 250, 0.2, 3, maxAttempts: 0", "11, 25, 250, 0.2, 3, maxAttempts: 11",
			"3, -1, 250, 0.2, 3, firstDelay: PT-0.001S", "3, 25, 24, 0.2, 3, maxDelay: PT0.024S",
			"3, 25, 250, -0.01, 3, budgetShare: -0.01", "3, 25, 250, 1.01, 3, budgetShare: 1.01",
			"3, 25, 250, NaN, 3, budgetShare: NaN", "3, 25, 250, 0.2, -1, budgetMinimum: -1" })
	void valuesOutOfRangeAreRefusedByName(int attempts, int first, int max, double share, int minimum, String message) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new RetryPolicy(attempts, Duration.ofMillis(first), Duration.ofMillis(max), share,
					minimum, HedgePolicy.NEVER))
			.withMessageContaining(message)
			.withMessageContaining("expected: ");
	}

	@Test
	void theEndsOfTheRangesArePermitted() {
		RetryPolicy least = new RetryPolicy(1, Duration.ZERO, Duration.ZERO, 0, 0, HedgePolicy.NEVER);
		RetryPolicy most = new RetryPolicy(10, Duration.ofMillis(5), Duration.ofMillis(5), 1, 0,
				new HedgePolicy(Duration.ZERO, HedgePolicy.MAX_PERCENTILE));
		assertThat(least.withMaxAttempts(10).with(most.hedging()))
			.isEqualTo(new RetryPolicy(10, Duration.ZERO, Duration.ZERO, 0, 0, most.hedging()));
		assertThat(most.withMaxAttempts(1))
			.isEqualTo(new RetryPolicy(1, Duration.ofMillis(5), Duration.ofMillis(5), 1, 0, most.hedging()));
	}

	@ParameterizedTest
	@CsvSource({ "-1, 0", "0, 49", "0, 100", "0, -1", "7, 1" })
	void aHedgeIsNeitherForMostCallsNorForNone(int after, int percentile) {
		assertThatIllegalArgumentException().isThrownBy(() -> new HedgePolicy(Duration.ofMillis(after), percentile))
			.withMessageContaining("expected: ");
	}

	@ParameterizedTest
	@CsvSource({ "0, 0, 9223372036854775807", "0, 7, 7", "9, 0, 9", "9, 7, 7", "7, 9, 7" })
	void theRegularTimeOfAnAttemptIsTheShorterOfBothTimeouts(long call, long attempt, long expected) {
		CallPolicy policy = new CallPolicy(LoadBalancing.RANDOM, RetryPolicy.DEFAULT, OutlierPolicy.DEFAULT,
				Duration.ofNanos(call), Duration.ofNanos(attempt), 0, 0);
		assertThat(policy.attemptNanos()).isEqualTo(expected);
		assertThat(policy.with(LoadBalancing.ADAPTIVE).attemptNanos()).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "-1, 0, 0, 0, timeout: PT-", "0, -1, 0, 0, attemptTimeout: PT-", "0, 0, -1, 0, maxCalls: -1",
			"0, 0, 0, -1, maxPending: -1" })
	void limitsOfCallsAreNotNegative(long call, long attempt, int calls, int pending, String message) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new CallPolicy(LoadBalancing.RANDOM, RetryPolicy.DEFAULT, OutlierPolicy.DEFAULT,
					Duration.ofNanos(call), Duration.ofNanos(attempt), calls, pending))
			.withMessageContaining(message);
	}

}
