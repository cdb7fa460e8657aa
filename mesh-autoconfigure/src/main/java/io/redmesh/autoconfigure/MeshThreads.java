package io.redmesh.autoconfigure;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The few threads that the mesh needs beside its timer. They are daemons, end when idle,
 * and are no beans, so that Spring Boot's own executors stay as they are.
 */
public final class MeshThreads {

	private MeshThreads() {
	}

	/**
	 * Makes an executor for a handful of tasks at a time.
	 * @param name the name of its threads
	 * @param threads how many at most
	 * @return the executor, to be shut down by the caller
	 */
	public static ThreadPoolExecutor executor(String name, int threads) {
		AtomicInteger count = new AtomicInteger();
		// The queue has no bound of its own: each user has at most a few tasks under way.
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
