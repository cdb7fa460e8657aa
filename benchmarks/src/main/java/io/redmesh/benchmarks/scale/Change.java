package io.redmesh.benchmarks.scale;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A change of an instance that some of its watchers do not know yet.
 */
final class Change {

	private final int member;

	private final char state;

	private final boolean counted;

	private final AtomicInteger missing;

	private final long begun = System.nanoTime();

	Change(int member, char state, boolean counted, int watchers) {
		this.member = member;
		this.state = state;
		this.counted = counted;
		this.missing = new AtomicInteger(watchers);
	}

	int member() {
		return this.member;
	}

	/** Returns the first letter of the new status, or G if the instance is gone. */
	char state() {
		return this.state;
	}

	boolean counted() {
		return this.counted;
	}

	long begun() {
		return this.begun;
	}

	/** Returns the number of watchers that do not know the change yet. */
	AtomicInteger missing() {
		return this.missing;
	}

}
