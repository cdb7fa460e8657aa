package io.redmesh.core.time;

import java.time.Duration;

/**
 * Runs a task once, after a delay. Tasks of one timer run one after another on the same
 * thread, so they must be short and must not block; a task that throws is logged and does
 * not end the timer.
 * <p>
 * Safe for use by many threads.
 */
public interface Timer extends AutoCloseable {

	/**
	 * Schedules a task.
	 * @param delay from now; zero or negative means as soon as possible
	 * @param task what to run
	 * @return a handle that can call it off; already void when the timer is closed
	 */
	Scheduled schedule(Duration delay, Runnable task);

	/**
	 * Drops everything that is scheduled and accepts no more. Does not wait for a task
	 * that is running.
	 */
	@Override
	void close();

	/**
	 * Starts a timer with one daemon thread.
	 * @param threadName the name of its thread
	 * @return the timer, to be closed by the caller
	 */
	static Timer start(String threadName) {
		return new ThreadTimer(threadName);
	}

	/** A task that has been scheduled. */
	@FunctionalInterface
	interface Scheduled {

		/** Calls the task off if it has not started; otherwise does nothing. */
		void cancel();

	}

}
