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
 * One thread that serves any number of connections and does things at their time. All but
 * {@link #execute} and {@link #call} is for its own thread.
 */
public final class EventLoop implements AutoCloseable {

	private static final long PATIENCE_SECONDS = 120;

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

	/** Starts one. */
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
		// Never less than a millisecond: what is due meanwhile is done together.
		this.selector.select(EventLoop::ready, Math.max(1, wait));
	}

	private static void ready(SelectionKey key) {
		((Handler) key.attachment()).ready();
	}

	Selector selector() {
		return this.selector;
	}

	/** What a handler may read into; empty, and its own until it returns. */
	ByteBuffer arrived() {
		return this.arrived.clear();
	}

	/** Runs something once, so many nanoseconds from now. */
	public Task schedule(long nanos, Runnable what) {
		Task task = new Task(System.nanoTime() + nanos, what);
		this.agenda.add(task);
		return task;
	}

	/** Runs something soon. Any thread may ask for it. */
	public void execute(Runnable what) {
		this.posted.add(what);
		this.selector.wakeup();
	}

	/** Waits for a result of the loop's thread. */
	public <T> T call(Callable<T> what) throws Exception {
		Throwable broken = this.failure;
		if (broken != null) {
			throw new IllegalStateException(broken);
		}
		CompletableFuture<T> result = new CompletableFuture<>();
		execute(() -> {
			try {
				result.complete(what.call());
			}
			catch (Exception ex) {
				result.completeExceptionally(ex);
			}
		});
		return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
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

	/** Serves a connection. */
	interface Handler {

		void ready();

	}

	/** Something to be done at its time. */
	public static final class Task implements Comparable<Task> {

		private final long at;

		private @Nullable Runnable what;

		private Task(long at, Runnable what) {
			this.at = at;
			this.what = what;
		}

		private void run() {
			Runnable due = this.what;
			if (due != null) {
				due.run();
			}
		}

		/** Calls it off. */
		public void cancel() {
			this.what = null;
		}

		@Override
		public int compareTo(Task other) {
			return Long.compare(this.at, other.at);
		}

	}

}
