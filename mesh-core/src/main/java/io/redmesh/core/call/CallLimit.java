package io.redmesh.core.call;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;

import org.jspecify.annotations.Nullable;

/**
 * The limit of the calls in flight to one destination. Further calls may wait in a queue,
 * first come, first served. The limit may change while calls are in flight or wait. Calls
 * that began while there was no limit do not count.
 * <p>
 * Safe for use by many threads.
 */
final class CallLimit {

	private volatile int max;

	private int maxPending;

	private final Lock lock = new ReentrantLock();

	private final Queue<Permit> pending = new ArrayDeque<>();

	private int calls;

	/**
	 * Creates a limit.
	 * @param max the number of calls that may be in flight, zero for any number
	 * @param maxPending the number of calls that may wait in the queue
	 */
	CallLimit(int max, int maxPending) {
		this.max = max;
		this.maxPending = maxPending;
	}

	/**
	 * Changes the limit. Calls that wait get the permits that it adds; calls that are in
	 * flight or wait beyond a lower limit stay.
	 * @param max the number of calls that may be in flight, zero for any number
	 * @param maxPending the number of calls that may wait in the queue
	 */
	void resize(int max, int maxPending) {
		List<Permit> granted = new ArrayList<>();
		this.lock.lock();
		try {
			this.max = max;
			this.maxPending = maxPending;
			for (Permit next = grantNext(); next != null; next = grantNext()) {
				granted.add(next);
			}
		}
		finally {
			this.lock.unlock();
		}
		granted.forEach(Permit::signalGranted);
	}

	// Under the lock.
	private @Nullable Permit grantNext() {
		Permit next = (this.max == 0 || this.calls < this.max) ? this.pending.poll() : null;
		if (next != null) {
			this.calls++;
			next.grant();
		}
		return next;
	}

	/**
	 * Acquires a permit, or a place in the queue for one.
	 * @param waits whether the call would wait
	 * @return the permit, held or queued, or null if there are too many calls
	 */
	@Nullable Permit acquire(boolean waits) {
		if (this.max == 0) {
			return Permit.UNCOUNTED;
		}
		this.lock.lock();
		try {
			// It may have become zero meanwhile.
			if (this.max == 0 || this.calls < this.max) {
				this.calls++;
				return new Permit(this, null);
			}
			if (!waits || this.pending.size() >= this.maxPending) {
				return null;
			}
			Permit permit = new Permit(this, new CompletableFuture<>());
			this.pending.add(permit);
			return permit;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Releases a permit or its place in the queue. The next call in the queue gets it.
	 */
	void release(Permit permit) {
		Permit next = null;
		this.lock.lock();
		try {
			if (permit.isHeld()) {
				this.calls--;
				next = grantNext();
			}
			else if (permit.isWaiting()) {
				this.pending.remove(permit);
			}
			permit.end();
		}
		finally {
			this.lock.unlock();
		}
		if (next != null) {
			// Outside the lock, because the waiting call continues on this thread.
			next.signalGranted();
		}
	}

	/**
	 * Returns whether all permits are taken: the next call could not begin at once.
	 * @return whether the limit is reached
	 */
	boolean isFull() {
		return isFullWhen((waiting) -> true);
	}

	/**
	 * Returns whether the queue is full too, so that the next call could not even wait.
	 * @return whether the next call would be refused
	 */
	boolean isQueueFull() {
		return isFullWhen((waiting) -> waiting >= this.maxPending);
	}

	private boolean isFullWhen(IntPredicate waiting) {
		if (this.max == 0) {
			return false;
		}
		this.lock.lock();
		try {
			return this.max > 0 && this.calls >= this.max && waiting.test(this.pending.size());
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Returns the number of calls in the queue.
	 * @return zero or more
	 */
	int pending() {
		this.lock.lock();
		try {
			return this.pending.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	String fullMessage() {
		return "%d calls are in flight, as many as are permitted".formatted(this.max)
				+ ((this.maxPending > 0) ? ", and %d wait".formatted(pending()) : "");
	}

}
