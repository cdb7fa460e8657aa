package io.redmesh.core.call;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CallLimitTests {

	private static final int THREADS = 8;

	private static final int MAX = 3;

	private final AtomicInteger inFlight = new AtomicInteger();

	private final AtomicInteger most = new AtomicInteger();

	@Test
	void neverGrantsMorePermitsThanTheLimitAndLosesNone() throws Exception {
		CallLimit limit = new CallLimit(MAX, 4);
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		try {
			List<Future<Integer>> callers = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				long seed = i;
				callers.add(threads.submit(() -> callOften(limit, new Random(seed))));
			}
			int made = 0;
			for (Future<Integer> caller : callers) {
				made += caller.get(1, TimeUnit.MINUTES);
			}
			assertThat(made).isGreaterThan(1000);
		}
		finally {
			threads.shutdownNow();
		}
		// The scheduler decides how many calls meet; below it is shown that as many as
		// the limit fit.
		assertThat(this.most.get()).isBetween(1, MAX);
		assertThat(limit.pending()).isZero();
		for (int i = 0; i < MAX; i++) {
			assertThat(limit.acquire(false)).isNotNull();
		}
		assertThat(limit.acquire(false)).isNull();
	}

	private int callOften(CallLimit limit, Random random) throws Exception {
		int made = 0;
		for (int i = 0; i < 2000; i++) {
			Permit permit = limit.acquire(true);
			if (permit != null) {
				if (isGranted(permit.granted(), random)) {
					this.most.accumulateAndGet(this.inFlight.incrementAndGet(), Math::max);
					Thread.yield();
					this.inFlight.decrementAndGet();
					made++;
				}
				permit.release();
				permit.release();
			}
		}
		return made;
	}

	private static boolean isGranted(CompletableFuture<?> granted, Random random) throws Exception {
		if (granted == null) {
			return true;
		}
		try {
			granted.get(random.nextInt(50), TimeUnit.MICROSECONDS);
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
	}

}
