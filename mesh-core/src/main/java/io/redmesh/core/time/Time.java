package io.redmesh.core.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * The two clocks of a process: monotonic and wall clock. Durations are measured with
 * {@link #nanos()}, never with {@link #now()}, which may jump.
 * <p>
 * Implementations are safe for use by many threads.
 */
public interface Time {

	/** The longest duration that {@link #nanos(Duration)} returns. */
	long MAX_NANOS = Long.MAX_VALUE / 2;

	/**
	 * Returns a reading of the monotonic clock; only differences have a meaning.
	 * @return nanoseconds from an arbitrary origin
	 */
	long nanos();

	/**
	 * Returns the time of the wall clock, for people to read and for files to carry.
	 * @return the current instant
	 */
	Instant now();

	/**
	 * Blocks the current thread.
	 * @param duration the time to block for
	 * @throws InterruptedException if the thread is interrupted meanwhile
	 */
	void sleep(Duration duration) throws InterruptedException;

	/**
	 * Converts a duration that came from outside. The result saturates at 146 years. So
	 * neither the conversion nor its sum with a reading of {@link #nanos()} can overflow.
	 * @param duration the duration, also a negative one
	 * @return nanoseconds
	 */
	static long nanos(Duration duration) {
		return Math.max(-MAX_NANOS, Math.min(TimeUnit.NANOSECONDS.convert(duration), MAX_NANOS));
	}

	/**
	 * Returns the clocks of this machine.
	 * @return the same object for all callers
	 */
	static Time system() {
		return SystemTime.INSTANCE;
	}

}
