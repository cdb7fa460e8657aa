package io.redmesh.registry.chaos.process;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what another process does. */
public final class Waiting {

	private static final Duration PAUSE = Duration.ofMillis(20);

	private Waiting() {
	}

	/**
	 * Waits until something holds; who cannot be reached has not done it yet.
	 * @param what is waited for, for people to read
	 * @param limit how long
	 * @param condition what shall hold
	 * @throws IllegalStateException if it does not within the limit
	 */
	public static void until(String what, Duration limit, BooleanSupplier condition) {
		if (!happens(limit, condition)) {
			throw new IllegalStateException("Not within " + limit.toSeconds() + " s: " + what);
		}
	}

	/**
	 * Waits until something holds.
	 * @param limit how long
	 * @param condition what shall hold
	 * @return whether it did within the limit
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
				// Not reachable yet.
			}
			pause(PAUSE);
		}
		while (System.nanoTime() < end);
		return false;
	}

	/**
	 * Lets time pass.
	 * @param duration how much
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
