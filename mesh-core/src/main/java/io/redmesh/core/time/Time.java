package io.redmesh.core.time;

import java.time.Duration;
import java.time.Instant;

/**
 * The two clocks of a process. Durations are measured with {@link #nanos()}, never with
 * {@link #now()}, which may jump.
 * <p>
 * Implementations are safe for use by many threads.
 */
public interface Time {

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
	 * Returns the clocks of this machine.
	 * @return the system's time
	 */
	static Time system() {
		return SystemTime.INSTANCE;
	}

}
