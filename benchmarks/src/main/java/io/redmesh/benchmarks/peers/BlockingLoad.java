package io.redmesh.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import io.redmesh.benchmarks.load.Sample;

/** A load through a blocking client, with one thread for each of its connections. */
final class BlockingLoad {

	private BlockingLoad() {
	}

	/**
	 * Makes calls until their number or the time limit is reached.
	 * @param limit in nanoseconds
	 */
	static Sample run(int threads, int count, long limit, Call call) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			AtomicInteger next = new AtomicInteger();
			CountDownLatch start = new CountDownLatch(1);
			List<Future<Sample.Tally>> tallies = new ArrayList<>();
			for (int thread = 0; thread < threads; thread++) {
				int connection = thread;
				tallies.add(executor.submit(() -> {
					Sample.Tally tally = new Sample.Tally();
					start.await();
					long begun = System.nanoTime();
					for (int i = next.getAndIncrement(); i < count
							&& System.nanoTime() - begun < limit; i = next.getAndIncrement()) {
						once(call, connection, i, tally);
					}
					return tally;
				}));
			}
			long begun = System.nanoTime();
			start.countDown();
			Sample.Tally all = new Sample.Tally();
			for (Future<Sample.Tally> tally : tallies) {
				all.add(tally.get());
			}
			return all.over(System.nanoTime() - begun);
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static void once(Call call, int connection, int number, Sample.Tally tally) {
		long begun = System.nanoTime();
		try {
			if (call.make(connection, number)) {
				tally.success(System.nanoTime() - begun);
			}
			else {
				tally.failure("Not the expected response");
			}
		}
		catch (Exception ex) {
			tally.failure(ex.toString());
		}
	}

	/** A call, which returns whether the response is the expected one. */
	@FunctionalInterface
	interface Call {

		boolean make(int connection, int number) throws Exception;

	}

}
