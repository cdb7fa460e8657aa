package io.redmesh.autoconfigure;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The few threads that the mesh needs beside its timer. They are daemon threads and end
 * when idle. They are no beans, so that Spring Boot's own executors stay as they are.
 */
public final class MeshThreads {

	private MeshThreads() {
	}

	/**
	 * Creates an executor for a handful of tasks at a time.
	 * @param name the prefix of its threads' names
	 * @param threads the maximum number of threads
	 * @return the executor, to be shut down by the caller
	 */
	public static ThreadPoolExecutor executor(String name, int threads) {
		AtomicInteger count = new AtomicInteger();
		// The queue needs no bound: each user has at most a few tasks in flight.
		ThreadPoolExecutor executor = new ThreadPoolExecutor(threads, threads, 30, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), (task) -> {
					Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
					thread.setDaemon(true);
					return thread;
				}, new ThreadPoolExecutor.DiscardPolicy());
		executor.allowCoreThreadTimeOut(true);
		return executor;
	}

}
