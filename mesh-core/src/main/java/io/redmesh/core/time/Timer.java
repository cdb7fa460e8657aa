package io.redmesh.core.time;

import java.time.Duration;

/**
 * A timer: runs a task once, after a delay. Tasks of one timer run one after another on
 * the same thread, so they must be short and must not block. A task that throws is logged
 * and does not end the timer.
 * <p>
 * Safe for use by many threads.
 */
public interface Timer extends AutoCloseable {

	/**
	 * Schedules a task.
	 * @param delay the delay from now; zero or negative means as soon as possible
	 * @param task the task to run
	 * @return a handle that cancels the task; it has no effect if the timer is closed
	 */
	Scheduled schedule(Duration delay, Runnable task);

	/**
	 * Drops all scheduled tasks and accepts no more. Does not wait for a running task.
	 */
	@Override
	void close();

	/**
	 * Starts a timer with one daemon thread.
	 * @param threadName the name of the thread
	 * @return the timer, to be closed by the caller
	 */
	static Timer start(String threadName) {
		return new ThreadTimer(threadName);
	}

	/** A task that has been scheduled. */
	@FunctionalInterface
	interface Scheduled {

		/** Cancels the task if it has not started; otherwise does nothing. */
		void cancel();

	}

}
