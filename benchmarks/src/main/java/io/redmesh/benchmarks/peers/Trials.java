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
 * Registers one instance after the other and waits until a watcher knows it.
 *
 * @param sighting the moment at which an id will be known
 * @param registration registers an id and returns how it leaves again
 */
record Trials(Function<String, CompletableFuture<Long>> sighting, Registration registration) {

	// These come first, without pause, and are not counted.
	private static final int WARM_UP = 500;

	// Those that wait for somebody to look are not waited for one by one.
	private static final int OVERLAPPING_WARM_UP = 20;

	/** Each waits for the one before it. */
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
	 * Ten a second, without waiting for one another: for a watcher that looks now and
	 * then.
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

	/** A host that no other trial has. */
	private static String id(int trial) {
		return "127.30.%d.%d".formatted(trial / 250, 1 + trial % 250);
	}

	private long measure(String id) throws Exception {
		CompletableFuture<Long> seen = this.sighting.apply(id);
		long begun = System.nanoTime();
		Departure departure = this.registration.register(id);
		long taken = seen.get(30, TimeUnit.SECONDS) - begun;
		departure.leave();
		return taken;
	}

	/** Neither in step with a timer nor so short that changes are gathered. */
	private static void pause() {
		LockSupport.parkNanos(Duration.ofMillis(ThreadLocalRandom.current().nextLong(5, 20)).toNanos());
	}

	/** Registers. */
	@FunctionalInterface
	interface Registration {

		Departure register(String id) throws Exception;

	}

	/** Deregisters. */
	@FunctionalInterface
	interface Departure {

		void leave() throws Exception;

	}

}
