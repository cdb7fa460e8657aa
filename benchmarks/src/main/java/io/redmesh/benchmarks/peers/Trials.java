package io.redmesh.benchmarks.peers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

import io.redmesh.benchmarks.load.Sample;

/**
 * The trials of a peer: each registers an instance and waits until a watcher knows it.
 *
 * @param sighting returns a future of the moment at which the watcher knows an id
 * @param registration registers an id and returns its deregistration
 */
record Trials(Function<String, CompletableFuture<Long>> sighting, Registration registration) {

	// The first trials, which have no pause and are not counted.
	private static final int WARM_UP = 500;

	// The same for overlapping trials.
	private static final int OVERLAPPING_WARM_UP = 20;

	/** Runs trials one after another: each begins when the trial before it has ended. */
	Sample oneByOne(int trials) throws Exception {
		for (int i = 0; i < WARM_UP; i++) {
			measure(id(i));
		}
		Sample.Tally tally = new Sample.Tally();
		long begun = System.nanoTime();
		for (int i = 0; i < trials; i++) {
			pause();
			tally.success(measure(id(WARM_UP + i)));
		}
		return tally.over(System.nanoTime() - begun);
	}

	/**
	 * Begins ten trials a second, which do not wait for one another. It suits a watcher
	 * that polls.
	 */
	Sample overlapping(int trials) throws Exception {
		List<Long> begun = new ArrayList<>();
		List<CompletableFuture<Long>> seen = new ArrayList<>();
		for (int i = 0; i < OVERLAPPING_WARM_UP + trials; i++) {
			LockSupport.parkNanos(Duration.ofMillis(ThreadLocalRandom.current().nextLong(50, 150)).toNanos());
			seen.add(this.sighting.apply(id(i)));
			begun.add(System.nanoTime());
			this.registration.register(id(i));
		}
		Sample.Tally tally = new Sample.Tally();
		for (int i = OVERLAPPING_WARM_UP; i < OVERLAPPING_WARM_UP + trials; i++) {
			tally.success(seen.get(i).get(30, TimeUnit.SECONDS) - begun.get(i));
		}
		return tally.over(System.nanoTime() - begun.get(OVERLAPPING_WARM_UP));
	}

	/** Returns a host that no other trial has. */
	private static String id(int trial) {
		return "127.30.%d.%d".formatted(trial / 250, 1 + trial % 250);
	}

	private long measure(String id) throws Exception {
		CompletableFuture<Long> seen = this.sighting.apply(id);
		long begun = System.nanoTime();
		Deregistration deregistration = this.registration.register(id);
		long taken = seen.get(30, TimeUnit.SECONDS) - begun;
		deregistration.run();
		return taken;
	}

	/**
	 * Waits 5 to 20 ms, at random: not in step with a timer, and long enough that servers
	 * do not gather changes.
	 */
	private static void pause() {
		LockSupport.parkNanos(Duration.ofMillis(ThreadLocalRandom.current().nextLong(5, 20)).toNanos());
	}

	/** A registration of an id. */
	@FunctionalInterface
	interface Registration {

		Deregistration register(String id) throws Exception;

	}

	/** The deregistration of an instance. */
	@FunctionalInterface
	interface Deregistration {

		void run() throws Exception;

	}

}
