package io.redmesh.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * An event loop: one thread that serves any number of connections and runs scheduled
 * tasks. Only {@link #execute} and {@link #call} may be called by other threads.
 */
public final class EventLoop implements AutoCloseable {

	private static final long TIMEOUT_SECONDS = 120;

	private final Selector selector = Selector.open();

	private final PriorityQueue<Task> agenda = new PriorityQueue<>();

	private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();

	private final ByteBuffer arrived = ByteBuffer.allocateDirect(256 * 1024);

	private final Thread thread;

	private volatile boolean open = true;

	private volatile @Nullable Throwable failure;

	private EventLoop(String name) throws IOException {
		this.thread = new Thread(this::run, name);
		this.thread.setDaemon(true);
	}

	/** Starts an event loop. */
	public static EventLoop start(String name) throws IOException {
		EventLoop loop = new EventLoop(name);
		loop.thread.start();
		return loop;
	}

	private void run() {
		try {
			while (this.open) {
				long now = System.nanoTime();
				for (Task next = this.agenda.peek(); next != null && next.at <= now; next = this.agenda.peek()) {
					this.agenda.remove().run();
				}
				for (Runnable task = this.posted.poll(); task != null; task = this.posted.poll()) {
					task.run();
				}
				select();
			}
		}
		catch (IOException | RuntimeException | Error ex) {
			ex.printStackTrace();
			this.failure = ex;
		}
	}

	private void select() throws IOException {
		Task next = this.agenda.peek();
		long wait = (next != null) ? TimeUnit.NANOSECONDS.toMillis(next.at - System.nanoTime()) : 1000;
		// At least a millisecond: tasks that become due meanwhile run together.
		this.selector.select(EventLoop::ready, Math.max(1, wait));
	}

	private static void ready(SelectionKey key) {
		((Handler) key.attachment()).ready();
	}

	Selector selector() {
		return this.selector;
	}

	/**
	 * Returns the empty buffer into which a handler may read; it is the handler's own
	 * until it returns.
	 */
	ByteBuffer readBuffer() {
		return this.arrived.clear();
	}

	/** Runs an action once, after a number of nanoseconds. */
	public Task schedule(long nanos, Runnable action) {
		Task task = new Task(System.nanoTime() + nanos, action);
		this.agenda.add(task);
		return task;
	}

	/** Runs an action soon on the loop's thread. Any thread may call this. */
	public void execute(Runnable action) {
		this.posted.add(action);
		this.selector.wakeup();
	}

	/**
	 * Runs an action on the loop's thread and waits for its result, two minutes at most.
	 */
	public <T> T call(Callable<T> action) throws Exception {
		Throwable broken = this.failure;
		if (broken != null) {
			throw new IllegalStateException(broken);
		}
		CompletableFuture<T> result = new CompletableFuture<>();
		execute(() -> {
			try {
				result.complete(action.call());
			}
			catch (Exception ex) {
				result.completeExceptionally(ex);
			}
		});
		return result.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
	}

	@Override
	public void close() throws InterruptedException, IOException {
		this.open = false;
		this.selector.wakeup();
		this.thread.join(TimeUnit.SECONDS.toMillis(10));
		for (SelectionKey key : this.selector.keys()) {
			key.channel().close();
		}
		this.selector.close();
	}

	/** The handler of a connection; the loop calls it when the connection is ready. */
	interface Handler {

		void ready();

	}

	/** A scheduled task. */
	public static final class Task implements Comparable<Task> {

		private final long at;

		private @Nullable Runnable action;

		private Task(long at, Runnable action) {
			this.at = at;
			this.action = action;
		}

		private void run() {
			Runnable due = this.action;
			if (due != null) {
				due.run();
			}
		}

		/** Cancels the task. */
		public void cancel() {
			this.action = null;
		}

		@Override
		public int compareTo(Task other) {
			return Long.compare(this.at, other.at);
		}

	}

}
