package io.redmesh.core.time;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@link Timer} over one daemon thread. */
final class ThreadTimer implements Timer {

	private static final Logger logger = LoggerFactory.getLogger(Timer.class);

	private final ScheduledThreadPoolExecutor executor;

	ThreadTimer(String threadName) {
		this.executor = new ScheduledThreadPoolExecutor(1, (runnable) -> {
			Thread thread = new Thread(runnable, threadName);
			thread.setDaemon(true);
			return thread;
		}, new ThreadPoolExecutor.DiscardPolicy());
		this.executor.setRemoveOnCancelPolicy(true);
	}

	@Override
	public Scheduled schedule(Duration delay, Runnable task) {
		Future<?> future = this.executor.schedule(() -> run(task), Math.max(0, Time.nanos(delay)),
				TimeUnit.NANOSECONDS);
		return () -> future.cancel(false);
	}

	private static void run(Runnable task) {
		try {
			task.run();
		}
		catch (RuntimeException ex) {
			logger.error("A scheduled task failed", ex);
		}
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
