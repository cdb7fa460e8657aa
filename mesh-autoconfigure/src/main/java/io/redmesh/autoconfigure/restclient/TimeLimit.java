package io.redmesh.autoconfigure.restclient;

import io.redmesh.autoconfigure.restclient.TimeLimits.LimitStack;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A time limit of what one thread does. When it is exceeded, the work is ended in the way
 * that was arranged, or else by interrupting the thread, and the interruption is not seen
 * afterwards.
 * <p>
 * Safe for use by many threads; one thread begins and ends it.
 */
final class TimeLimit {

	private static final Logger logger = LoggerFactory.getLogger(TimeLimit.class);

	private static final ThreadLocal<@Nullable TimeLimit> CURRENT = new ThreadLocal<>();

	private final Thread thread = Thread.currentThread();

	/** Of a call within which this one is made, to fetch a token, say. */
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
	 * @param deadline when it is exceeded, if it is on a stack
	 * @param stack the stack that it is pushed to, or null
	 */
	TimeLimit(long deadline, @Nullable LimitStack stack) {
		this.deadline = deadline;
		this.stack = stack;
		CURRENT.set(this);
	}

	/**
	 * Returns the limit of what the current thread does.
	 * @return the limit, or null
	 */
	static @Nullable TimeLimit current() {
		return CURRENT.get();
	}

	/**
	 * Returns when it is exceeded.
	 * @return monotonic nanoseconds, meaningless for one that is never exceeded
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
	 * Says how to end what is limited, where an interruption does not.
	 * @param cancellation makes it fail, called by another thread
	 */
	synchronized void cancelBy(Runnable cancellation) {
		this.cancellation = cancellation;
		if (this.exceeded) {
			cancel(cancellation);
		}
	}

	/**
	 * Ends what is limited in the way that another limit knows of, if it knows one.
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

	// The thread that calls it ends the limits of others as well.
	private static void cancel(Runnable cancellation) {
		try {
			cancellation.run();
		}
		catch (RuntimeException | Error ex) {
			logger.warn("An attempt that has exceeded its time cannot be cancelled", ex);
		}
	}

	/**
	 * Ends the limit; the second time it only says the same.
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
		// Not removed, since the next call on this thread would make its place anew.
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
