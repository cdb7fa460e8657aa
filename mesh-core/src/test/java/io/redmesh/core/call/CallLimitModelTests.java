package io.redmesh.core.call;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the limit of calls in flight, compared with a list of calls. */
class CallLimitModelTests {

	@ParameterizedTest
	@CsvSource({ "1, 0", "1, 1", "2, 3", "5, 2", "3, 1000" })
	void agreesWithAListOfCallsAfterEachStep(int max, int maxPending) {
		SplittableRandom random = new SplittableRandom(max * 31 + maxPending);
		CallLimit limit = new CallLimit(max, maxPending);
		// In the order of their arrival; the value says whether the call is in flight.
		Map<Permit, Boolean> calls = new LinkedHashMap<>();
		List<Permit> over = new ArrayList<>();
		for (int step = 0; step < 5_000; step++) {
			if (random.nextInt(9) < 5) {
				acquire(limit, calls, random.nextInt(4) > 0, max, maxPending);
			}
			else if (!calls.isEmpty()) {
				Permit ended = List.copyOf(calls.keySet()).get(random.nextInt(calls.size()));
				ended.release();
				boolean held = calls.remove(ended);
				over.add(ended);
				if (held) {
					calls.keySet()
						.stream()
						.filter((call) -> !calls.get(call))
						.findFirst()
						.ifPresent((next) -> calls.put(next, true));
				}
			}
			if (!over.isEmpty() && random.nextInt(3) == 0) {
				over.get(random.nextInt(over.size())).release();
			}
			assertAgree(limit, calls, max, maxPending);
		}
		assertThat(over).hasSizeGreaterThan(1_000);
	}

	private static void acquire(CallLimit limit, Map<Permit, Boolean> calls, boolean waits, int max, int maxPending) {
		long held = calls.values().stream().filter((call) -> call).count();
		Permit permit = limit.acquire(waits);
		if (held < max) {
			assertThat(permit).isNotNull();
			assertThat(permit.granted()).isNull();
			calls.put(permit, true);
		}
		else if (waits && calls.size() - held < maxPending) {
			assertThat(permit).isNotNull();
			assertThat(permit.granted()).isNotDone();
			calls.put(permit, false);
		}
		else {
			assertThat(permit).isNull();
		}
	}

	private static void assertAgree(CallLimit limit, Map<Permit, Boolean> calls, int max, int maxPending) {
		int held = (int) calls.values().stream().filter((call) -> call).count();
		int pending = calls.size() - held;
		assertThat(limit.pending()).isEqualTo(pending);
		assertThat(limit.isFull()).isEqualTo(held >= max);
		assertThat(limit.isQueueFull()).isEqualTo(held >= max && pending >= maxPending);
		calls.forEach((permit, inFlight) -> {
			assertThat(permit.isHeld()).isEqualTo(inFlight);
			assertThat(permit.granted() == null || permit.granted().isDone()).isEqualTo(inFlight);
		});
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4 })
	void agreesWithAListOfCallsWhileItChanges(long seed) {
		SplittableRandom random = new SplittableRandom(seed);
		CallLimit limit = new CallLimit(1, 1);
		int max = 1;
		int maxPending = 1;
		Map<Permit, Boolean> calls = new LinkedHashMap<>();
		int resized = 0;
		for (int step = 0; step < 5_000; step++) {
			if (random.nextInt(12) == 0) {
				max = random.nextInt(6);
				maxPending = random.nextInt(4);
				limit.resize(max, maxPending);
				grantQueued(calls, max);
				resized++;
			}
			else if (max > 0 && random.nextInt(9) < 5) {
				acquire(limit, calls, random.nextInt(4) > 0, max, maxPending);
			}
			else if (!calls.isEmpty()) {
				Permit ended = List.copyOf(calls.keySet()).get(random.nextInt(calls.size()));
				ended.release();
				calls.remove(ended);
				grantQueued(calls, max);
			}
			if (max > 0) {
				assertAgree(limit, calls, max, maxPending);
			}
			else {
				assertThat(limit.acquire(false)).isSameAs(Permit.UNCOUNTED);
				assertThat(limit.isFull()).isFalse();
				assertThat(calls.values()).doesNotContain(false);
			}
		}
		assertThat(resized).isGreaterThan(100);
	}

	private static void grantQueued(Map<Permit, Boolean> calls, int max) {
		for (Map.Entry<Permit, Boolean> call : calls.entrySet()) {
			long held = calls.values().stream().filter((one) -> one).count();
			if (!call.getValue() && (max == 0 || held < max)) {
				call.setValue(true);
			}
		}
	}

	@Test
	void callsThatBeganWithoutALimitDoNotCount() {
		CallLimit limit = new CallLimit(0, 0);
		Permit before = limit.acquire(false);
		limit.resize(1, 0);
		Permit counted = limit.acquire(false);
		assertThat(counted).isNotNull();
		assertThat(limit.acquire(false)).isNull();
		before.release();
		assertThat(limit.acquire(false)).isNull();
		counted.release();
		assertThat(limit.acquire(false)).isNotNull();
	}

	@Test
	void callsThatAreGrantedTogetherContinueOutsideTheLock() throws Exception {
		CallLimit limit = new CallLimit(1, 2);
		limit.acquire(true);
		Permit second = limit.acquire(true);
		CompletableFuture<Integer> seen = second.granted()
			.thenApply(
					(granted) -> CompletableFuture.supplyAsync(limit::pending).orTimeout(1, TimeUnit.MINUTES).join());
		limit.resize(0, 0);
		assertThat(seen.get(1, TimeUnit.MINUTES)).isZero();
	}

	@Test
	void withoutALimitAnyNumberOfCallsIsInFlight() {
		CallLimit none = new CallLimit(0, 0);
		for (int call = 0; call < 1_000; call++) {
			Permit permit = none.acquire(call % 2 == 0);
			assertThat(permit).isNotNull();
			assertThat(permit.granted()).isNull();
		}
		assertThat(none.isFull()).isFalse();
		assertThat(none.isQueueFull()).isFalse();
		Permit permit = none.acquire(true);
		permit.release();
		permit.release();
		assertThat(permit.isHeld()).as("one permit serves all calls").isTrue();
	}

	@Test
	void theNextCallContinuesOutsideTheLock() throws Exception {
		CallLimit limit = new CallLimit(1, 2);
		Permit first = limit.acquire(true);
		Permit second = limit.acquire(true);
		CompletableFuture<Integer> seen = second.granted()
			// Another thread needs the lock while this one continues the call.
			.thenApply(
					(granted) -> CompletableFuture.supplyAsync(limit::pending).orTimeout(1, TimeUnit.MINUTES).join());
		first.release();
		assertThat(seen.get(1, TimeUnit.MINUTES)).isZero();
	}

	@Test
	void aQueueOfCallsThatEndAtOnceEmptiesInOrder() {
		CallLimit limit = new CallLimit(1, 50);
		Permit first = limit.acquire(true);
		List<Integer> order = new ArrayList<>();
		for (int call = 0; call < 50; call++) {
			int number = call;
			Permit queued = limit.acquire(true);
			queued.granted().thenRun(() -> {
				order.add(number);
				queued.release();
			});
		}
		assertThat(limit.acquire(true)).isNull();
		first.release();
		assertThat(order).hasSize(50).isSorted();
		assertThat(limit.isFull()).isFalse();
	}

	@Test
	void saysHowManyCallsThereAre() {
		CallLimit limit = new CallLimit(1, 2);
		limit.acquire(true);
		limit.acquire(true);
		assertThat(limit.fullMessage()).isEqualTo("1 calls are in flight, as many as are permitted, and 1 wait");
		assertThat(new CallLimit(7, 0).fullMessage()).isEqualTo("7 calls are in flight, as many as are permitted");
	}

}
