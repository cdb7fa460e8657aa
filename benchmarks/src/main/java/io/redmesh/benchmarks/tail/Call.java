package io.redmesh.benchmarks.tail;

/** A call of a load. Times are nanoseconds since the load began. */
final class Call {

	private final long due;

	private final int second;

	private volatile long begun;

	private volatile boolean queued;

	private volatile int status = Caller.NO_ANSWER;

	private volatile long ended = -1;

	Call(long due, int second) {
		this.due = due;
		this.second = second;
	}

	void begun(long begun) {
		this.begun = begun;
	}

	void queued() {
		this.queued = true;
	}

	void ended(long ended, int status) {
		this.status = status;
		this.ended = ended;
	}

	long due() {
		return this.due;
	}

	/**
	 * Returns the second in which the call was due, from the first that counts on;
	 * negative if the call does not count.
	 */
	int second() {
		return this.second;
	}

	boolean hasEnded() {
		return this.ended >= 0;
	}

	boolean wasQueued() {
		return this.queued;
	}

	boolean succeeded() {
		return hasEnded() && this.status >= 200 && this.status < 300;
	}

	int status() {
		return this.status;
	}

	/** Returns the delay between the moment it was due and its begin. */
	long late() {
		return this.begun - this.due;
	}

	/**
	 * Returns the time from the moment it was due, however late it was begun, until its
	 * end, or until now if it has not ended.
	 */
	long latency(long now) {
		return (hasEnded() ? this.ended : now) - this.due;
	}

}
