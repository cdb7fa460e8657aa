package io.redmesh.core.call;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;

import org.jspecify.annotations.Nullable;

/**
 * Bounds the calls of a destination that are under way. Some more may wait until others
 * are over, first come, first served.
 * <p>
 * Safe for use by many threads.
 */
final class CallLimit {

	private final int max;

	private final int maxPending;

	private final Lock lock = new ReentrantLock();

	private final Queue<Permit> pending = new ArrayDeque<>();

	private int calls;

	/**
	 * Creates a limit.
	 * @param max how many calls may be under way at a time, zero for any number
	 * @param maxPending how many may wait
	 */
	CallLimit(int max, int maxPending) {
		this.max = max;
		this.maxPending = maxPending;
	}

	/**
	 * Lets a call begin, or wait.
	 * @param waits whether it would wait
	 * @return its permit, or null if there are too many
	 */
	@Nullable Permit enter(boolean waits) {
		if (this.max == 0) {
			return Permit.UNCOUNTED;
		}
		this.lock.lock();
		try {
			if (this.calls < this.max) {
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

	/** A call is over, or waits no more; whoever waits for its place gets it. */
	void leave(Permit permit) {
		Permit next = null;
		this.lock.lock();
		try {
			if (permit.isHeld()) {
				next = this.pending.poll();
				if (next != null) {
					next.grant();
				}
				else {
					this.calls--;
				}
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
			// Whoever continues by it does so without the lock.
			next.tell();
		}
	}

	/**
	 * Tells whether the next call could not begin at once.
	 * @return whether as many are under way as are permitted
	 */
	boolean isFull() {
		return isFullWhen((waiting) -> true);
	}

	/**
	 * Tells whether the next call could not even wait.
	 * @return whether as many wait as are permitted
	 */
	boolean isFullForGood() {
		return isFullWhen((waiting) -> waiting >= this.maxPending);
	}

	private boolean isFullWhen(IntPredicate waiting) {
		if (this.max == 0) {
			return false;
		}
		this.lock.lock();
		try {
			return this.calls >= this.max && waiting.test(this.pending.size());
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Counts the calls that wait.
	 * @return how many there are
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

	String full() {
		return "%d calls are under way, as many as are permitted".formatted(this.max)
				+ ((this.maxPending > 0) ? ", and %d wait".formatted(pending()) : "");
	}

}
