package io.redmesh.registry.store.memory;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;

import io.redmesh.registry.store.FeedEvent;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.FluxSink;

/**
 * A follower of a namespace: a bounded queue that transitions fill and the subscriber's
 * demand empties. When the queue overflows, its content no longer matters: a reset with
 * all instances is emitted instead.
 */
final class MemoryFollower {

	private static final int MAX_PENDING = 1024;

	private final MemoryNamespace namespace;

	private final FluxSink<FeedEvent> sink;

	// Both guarded by the namespace's monitor, so that a reset and the changes after it
	// fit together.
	private final Deque<FeedEvent> pending = new ArrayDeque<>();

	private boolean resetDue = true;

	private final AtomicInteger drains = new AtomicInteger();

	MemoryFollower(MemoryNamespace namespace, FluxSink<FeedEvent> sink) {
		this.namespace = namespace;
		this.sink = sink;
	}

	/**
	 * Adds an event. Called within the namespace's monitor.
	 * @param event the event
	 */
	void offer(FeedEvent event) {
		if (this.resetDue) {
			return;
		}
		if (this.pending.size() == MAX_PENDING) {
			this.pending.clear();
			this.resetDue = true;
			return;
		}
		this.pending.add(event);
	}

	/**
	 * Emits as many events as the subscriber has requested. A thread that comes while
	 * another one emits leaves the work to it, so that events stay in order.
	 */
	void drain() {
		if (this.drains.getAndIncrement() != 0) {
			return;
		}
		int seen = 1;
		do {
			while (this.sink.requestedFromDownstream() > 0 && !this.sink.isCancelled()) {
				FeedEvent next = next();
				if (next == null) {
					break;
				}
				this.sink.next(next);
			}
			seen = this.drains.addAndGet(-seen);
		}
		while (seen != 0);
	}

	private @Nullable FeedEvent next() {
		synchronized (this.namespace) {
			if (this.resetDue) {
				this.resetDue = false;
				return this.namespace.reset();
			}
			return this.pending.poll();
		}
	}

}
