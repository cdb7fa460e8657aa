package io.redmesh.benchmarks.tail;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

/**
 * A limit of requests served at a time. The rest wait in an unbounded queue, first come,
 * first served. No request leaves the queue, because a busy server does not learn that
 * its caller has given up. Holds no thread.
 */
final class Capacity {

	private final Deque<Runnable> queue = new ArrayDeque<>();

	private int free;

	Capacity(int concurrent) {
		this.free = concurrent;
	}

	/** Returns a future that completes when the work is done. */
	CompletableFuture<Void> serve(Duration work) {
		CompletableFuture<Void> done = new CompletableFuture<>();
		Runnable begin = () -> Schedulers.parallel().schedule(() -> {
			end();
			done.complete(null);
		}, work.toNanos(), TimeUnit.NANOSECONDS);
		if (enter(begin)) {
			begin.run();
		}
		return done;
	}

	private synchronized boolean enter(Runnable begin) {
		if (this.free == 0) {
			this.queue.add(begin);
			return false;
		}
		this.free--;
		return true;
	}

	private void end() {
		Runnable next = next();
		if (next != null) {
			next.run();
		}
	}

	private synchronized @Nullable Runnable next() {
		Runnable next = this.queue.poll();
		if (next == null) {
			this.free++;
		}
		return next;
	}

}
