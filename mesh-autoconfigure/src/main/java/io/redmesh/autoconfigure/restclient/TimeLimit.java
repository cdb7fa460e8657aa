package io.redmesh.autoconfigure.restclient;

import org.jspecify.annotations.Nullable;

/**
 * That a blocking attempt is to end in time. When it does not, whoever carries it out is
 * told in its own way if it has said how, and by an interruption otherwise, which is not
 * seen afterwards.
 * <p>
 * Safe for use by many threads; one thread begins and ends it.
 */
final class TimeLimit {

	private static final ThreadLocal<@Nullable TimeLimit> CURRENT = new ThreadLocal<>();

	private final Thread thread = Thread.currentThread();

	/** Of a call within which this one is made, to fetch a token, say. */
	private final @Nullable TimeLimit outer = CURRENT.get();

	private final long deadline;

	private Runnable onEnd = () -> {
	};

	private @Nullable Runnable cancellation;

	private boolean ended;

	private boolean exceeded;

	private boolean interrupted;

	TimeLimit(long deadline) {
		this.deadline = deadline;
		CURRENT.set(this);
	}

	/**
	 * Returns the limit of what the current thread does.
	 * @return the limit, or null
	 */
	static @Nullable TimeLimit current() {
		return CURRENT.get();
	}

	long deadline() {
		return this.deadline;
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
			cancellation.run();
		}
	}

	synchronized void exceed() {
		if (this.ended || this.exceeded) {
			return;
		}
		this.exceeded = true;
		if (this.cancellation != null) {
			this.cancellation.run();
		}
		else {
			this.interrupted = true;
			this.thread.interrupt();
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
		this.onEnd.run();
		return this.exceeded;
	}

	// One a thread at a time; the identity's own hash code costs more.
	@Override
	public int hashCode() {
		return this.thread.hashCode();
	}

	@Override
	public boolean equals(Object other) {
		return this == other;
	}

}
