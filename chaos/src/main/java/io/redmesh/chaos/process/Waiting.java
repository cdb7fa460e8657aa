package io.redmesh.chaos.process;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting for conditions that another process brings about. */
public final class Waiting {

	private static final Duration PAUSE = Duration.ofMillis(20);

	private Waiting() {
	}

	/**
	 * Waits until a condition holds. While a process cannot be reached, it does not hold.
	 * @param what a description of the condition, for the exception
	 * @param limit how long to wait
	 * @param condition the condition
	 * @throws IllegalStateException if it does not hold within the limit
	 */
	public static void until(String what, Duration limit, BooleanSupplier condition) {
		if (!happens(limit, condition)) {
			throw new IllegalStateException("Not within " + limit.toSeconds() + " s: " + what);
		}
	}

	/**
	 * Waits until a condition holds. While a process cannot be reached, it does not hold.
	 * @param limit how long to wait
	 * @param condition the condition
	 * @return whether it held within the limit
	 */
	public static boolean happens(Duration limit, BooleanSupplier condition) {
		long end = System.nanoTime() + limit.toNanos();
		do {
			try {
				if (condition.getAsBoolean()) {
					return true;
				}
			}
			catch (UncheckedIOException ex) {
				// A process cannot be reached yet.
			}
			pause(PAUSE);
		}
		while (System.nanoTime() < end);
		return false;
	}

	/**
	 * Sleeps.
	 * @param duration how long
	 */
	public static void pause(Duration duration) {
		try {
			Thread.sleep(duration.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
