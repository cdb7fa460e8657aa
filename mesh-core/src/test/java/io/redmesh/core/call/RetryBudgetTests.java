package io.redmesh.core.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Tests of the retry budget over time, compared with the list of all events. */
class RetryBudgetTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private final ManualTime time = new ManualTime();

	@ParameterizedTest
	@CsvSource({ "0.2, 3", "0, 5", "1, 0", "0.01, 0", "0.1, 40" })
	void agreesWithAListOfEventsAtAnyTime(double share, int minimum) {
		RetryBudget budget = new RetryBudget();
		RetryPolicy policy = policy(share, minimum);
		List<Long> calls = new ArrayList<>();
		List<Long> retries = new ArrayList<>();
		SplittableRandom random = new SplittableRandom(11);
		int refused = 0;
		for (int event = 0; event < 20_000; event++) {
			long now = this.time.nanos();
			double left = minimum + share * recent(calls, now) - recent(retries, now);
			assertThat(budget.left(policy, now)).isCloseTo(left, within(1e-6));
			if (random.nextInt(3) > 0) {
				budget.deposit(now);
				calls.add(now);
			}
			else {
				boolean permitted = budget.tryWithdraw(policy, now);
				assertThat(permitted).isEqualTo(left >= 1);
				refused += permitted ? 0 : 1;
				if (permitted) {
					retries.add(now);
				}
			}
			this.time
				.forward(Duration.ofMillis((random.nextInt(500) == 0) ? random.nextInt(15_000) : random.nextInt(40)));
		}
		assertThat(retries).isNotEmpty();
		assertThat(refused).isPositive();
	}

	@Test
	void concurrentRetriesNeverGetMoreThanIsLeft() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(4);
		CyclicBarrier start = new CyclicBarrier(4);
		try {
			for (int round = 0; round < 300; round++) {
				RetryBudget budget = new RetryBudget();
				RetryPolicy policy = policy(0, 1_000);
				AtomicInteger permitted = new AtomicInteger();
				Callable<Void> retries = () -> {
					start.await();
					for (int i = 0; i < 600; i++) {
						permitted.addAndGet(budget.tryWithdraw(policy, 0) ? 1 : 0);
					}
					return null;
				};
				for (Future<Void> ended : threads.invokeAll(Collections.nCopies(4, retries))) {
					ended.get();
				}
				assertThat(permitted).hasValue(1_000);
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	// Ten seconds by the clock's whole seconds: the current one and nine before.
	private static long recent(List<Long> events, long now) {
		long count = 0;
		for (int i = events.size() - 1; i >= 0 && now / SECOND - events.get(i) / SECOND < 10; i--) {
			count++;
		}
		return count;
	}

	@Test
	void retriesOfASteadyLoadAreAFifthInAnyTenSeconds() {
		RetryBudget budget = new RetryBudget();
		RetryPolicy policy = policy(0.2, 3);
		List<Integer> permitted = new ArrayList<>();
		for (int second = 0; second < 60; second++) {
			int retries = 0;
			for (int call = 0; call < 100; call++) {
				budget.deposit(this.time.nanos());
				retries += budget.tryWithdraw(policy, this.time.nanos()) ? 1 : 0;
			}
			permitted.add(retries);
			this.time.forward(Duration.ofSeconds(1));
		}
		for (int second = 10; second <= permitted.size(); second++) {
			int sum = permitted.subList(second - 10, second).stream().mapToInt(Integer::intValue).sum();
			assertThat(sum).isBetween(195, 203);
		}
	}

	@Test
	void theMinimumIsThereWithoutAnyCallAndComesBack() {
		RetryBudget budget = new RetryBudget();
		RetryPolicy policy = policy(0.2, 3);
		for (int round = 0; round < 5; round++) {
			for (int retry = 0; retry < 3; retry++) {
				assertThat(budget.tryWithdraw(policy, this.time.nanos())).isTrue();
			}
			assertThat(budget.tryWithdraw(policy, this.time.nanos())).isFalse();
			this.time.forward(Duration.ofSeconds(9));
			assertThat(budget.tryWithdraw(policy, this.time.nanos())).isFalse();
			this.time.forward(Duration.ofSeconds(1));
		}
	}

	@Test
	void anotherPolicyCountsWhatWasSpentBefore() {
		RetryBudget budget = new RetryBudget();
		for (int call = 0; call < 100; call++) {
			budget.deposit(this.time.nanos());
		}
		for (int retry = 0; retry < 20; retry++) {
			assertThat(budget.tryWithdraw(policy(0.2, 0), this.time.nanos())).isTrue();
		}
		assertThat(budget.tryWithdraw(policy(0.2, 0), this.time.nanos())).isFalse();
		assertThat(budget.left(policy(0.5, 1), this.time.nanos())).isEqualTo(31);
		assertThat(budget.tryWithdraw(policy(0.5, 1), this.time.nanos())).isTrue();
		assertThat(budget.tryWithdraw(policy(0.1, 0), this.time.nanos())).isFalse();
	}

	private static RetryPolicy policy(double share, int minimum) {
		return new RetryPolicy(3, Duration.ZERO, Duration.ZERO, share, minimum, HedgePolicy.NEVER);
	}

}
