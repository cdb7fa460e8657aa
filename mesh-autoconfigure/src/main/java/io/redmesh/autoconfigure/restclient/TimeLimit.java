package io.redmesh.autoconfigure.restclient;

import io.redmesh.autoconfigure.restclient.TimeLimits.LimitStack;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A time limit of the work of one thread. When it is exceeded, the work is ended in the
 * way that was arranged, or else by interrupting the thread. The thread's interrupt flag
 * is then cleared, so that no later code sees the interruption.
 * <p>
 * Safe for use by many threads; one thread begins and ends it.
 */
final class TimeLimit {

	private static final Logger logger = LoggerFactory.getLogger(TimeLimit.class);

	private static final ThreadLocal<@Nullable TimeLimit> CURRENT = new ThreadLocal<>();

	private final Thread thread = Thread.currentThread();

	/** The limit of a call within which this one is made, to fetch a token, say. */
	private final @Nullable TimeLimit outer = CURRENT.get();

	private final long deadline;

	private final @Nullable LimitStack stack;

	/** Published with the limit itself, by the stack. */
	private @Nullable TimeLimit enclosing;

	private @Nullable Runnable onEnd;

	private @Nullable Runnable cancellation;

	private boolean ended;

	private boolean exceeded;

	private boolean interrupted;

	/**
	 * Begins a limit of the current thread.
	 * @param deadline the monotonic time in nanoseconds at which the limit is exceeded,
	 * if it is on a stack
	 * @param stack the stack that the limit is pushed to, or null
	 */
	TimeLimit(long deadline, @Nullable LimitStack stack) {
		this.deadline = deadline;
		this.stack = stack;
		CURRENT.set(this);
	}

	/**
	 * Returns the limit of the current thread's work.
	 * @return the limit, or null
	 */
	static @Nullable TimeLimit current() {
		return CURRENT.get();
	}

	/**
	 * Returns the time at which the limit is exceeded.
	 * @return monotonic nanoseconds, meaningless for a limit that is never exceeded
	 */
	long deadline() {
		return this.deadline;
	}

	@Nullable TimeLimit enclosing() {
		return this.enclosing;
	}

	void enclosedBy(@Nullable TimeLimit limit) {
		this.enclosing = limit;
	}

	void onEnd(Runnable action) {
		this.onEnd = action;
	}

	/**
	 * Sets how to end the limited work, where an interruption does not end it.
	 * @param cancellation makes the work fail; called by another thread
	 */
	synchronized void cancelBy(Runnable cancellation) {
		this.cancellation = cancellation;
		if (this.exceeded) {
			cancel(cancellation);
		}
	}

	/**
	 * Takes over the cancellation of another limit, if that has one.
	 * @param other a limit of the same work
	 */
	void cancelAs(TimeLimit other) {
		Runnable known = other.cancellation();
		if (known != null) {
			cancelBy(known);
		}
	}

	private synchronized @Nullable Runnable cancellation() {
		return this.cancellation;
	}

	synchronized void exceed() {
		if (this.ended || this.exceeded) {
			return;
		}
		this.exceeded = true;
		if (this.cancellation != null) {
			cancel(this.cancellation);
		}
		else {
			this.interrupted = true;
			this.thread.interrupt();
		}
	}

	// The thread that calls this also ends the limits of other threads.
	private static void cancel(Runnable cancellation) {
		try {
			cancellation.run();
		}
		catch (RuntimeException | Error ex) {
			logger.warn("Cannot cancel an attempt that has timed out", ex);
		}
	}

	/**
	 * Ends the limit; the second time it only returns the same.
	 * @return whether it was exceeded
	 */
	boolean end() {
		synchronized (this) {
			if (this.ended) {
				return this.exceeded;
			}
			this.ended = true;
			if (this.interrupted) {
				Thread.interrupted();
			}
		}
		// Set rather than removed, even to null: the next call on this thread would have
		// to create the entry anew.
		CURRENT.set(this.outer);
		if (this.stack != null) {
			this.stack.pop(this);
		}
		if (this.onEnd != null) {
			this.onEnd.run();
		}
		return this.exceeded;
	}

}
