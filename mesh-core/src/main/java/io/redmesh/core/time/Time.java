package io.redmesh.core.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * The two clocks of a process. Durations are measured with {@link #nanos()}, never with
 * {@link #now()}, which may jump.
 * <p>
 * Implementations are safe for use by many threads.
 */
public interface Time {

	/** The longest duration that {@link #nanos(Duration)} returns. */
	long MAX_NANOS = Long.MAX_VALUE / 2;

	/**
	 * Returns a monotonic reading in nanoseconds; only differences mean something.
	 * @return nanoseconds from an arbitrary origin
	 */
	long nanos();

	/**
	 * Returns the wall clock, for people to read and for files to carry.
	 * @return the current instant
	 */
	Instant now();

	/**
	 * Lets the current thread wait.
	 * @param duration for how long
	 * @throws InterruptedException if it is interrupted meanwhile
	 */
	void sleep(Duration duration) throws InterruptedException;

	/**
	 * Converts a duration that came from outside. Saturates at 146 years, so that neither
	 * the conversion nor the sum with a reading of {@link #nanos()} can overflow.
	 * @param duration the duration
	 * @return nanoseconds
	 */
	static long nanos(Duration duration) {
		return Math.max(-MAX_NANOS, Math.min(TimeUnit.NANOSECONDS.convert(duration), MAX_NANOS));
	}

	/**
	 * Returns the clocks of this machine.
	 * @return the system's time
	 */
	static Time system() {
		return SystemTime.INSTANCE;
	}

}
