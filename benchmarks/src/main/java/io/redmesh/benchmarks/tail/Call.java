package io.redmesh.benchmarks.tail;

/** One call of a load; times are nanoseconds since the load began. */
final class Call {

	private final long due;

	private final int second;

	private volatile long begun;

	private volatile boolean crowded;

	private volatile int status = Caller.NO_ANSWER;

	private volatile long ended = -1;

	Call(long due, int second) {
		this.due = due;
		this.second = second;
	}

	void begun(long begun) {
		this.begun = begun;
	}

	void crowded() {
		this.crowded = true;
	}

	void ended(long ended, int status) {
		this.status = status;
		this.ended = ended;
	}

	long due() {
		return this.due;
	}

	/** In which it was due, of those that count; negative if it does not. */
	int second() {
		return this.second;
	}

	boolean hasEnded() {
		return this.ended >= 0;
	}

	boolean isCrowded() {
		return this.crowded;
	}

	boolean succeeded() {
		return hasEnded() && this.status >= 200 && this.status < 300;
	}

	int status() {
		return this.status;
	}

	/** How late it was begun. */
	long late() {
		return this.begun - this.due;
	}

	/**
	 * From when it was due, however late it was begun; for one without an end, until now.
	 */
	long latency(long now) {
		return (hasEnded() ? this.ended : now) - this.due;
	}

}
