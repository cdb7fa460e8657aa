package io.redmesh.benchmarks.scale;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** The waits of this benchmark. */
final class Waiting {

	private static final Duration NAP = Duration.ofMillis(100);

	private Waiting() {
	}

	static void nap() {
		pause(NAP);
	}

	static void pause(Duration time) {
		LockSupport.parkNanos(time.toNanos());
	}

	/** Waits until a condition holds, and returns whether it did so within the limit. */
	static boolean until(Duration limit, Callable<Boolean> condition) throws Exception {
		long begun = System.nanoTime();
		while (!condition.call()) {
			if (System.nanoTime() - begun > limit.toNanos()) {
				return false;
			}
			nap();
		}
		return true;
	}

}
