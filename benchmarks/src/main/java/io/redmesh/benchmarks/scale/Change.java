package io.redmesh.benchmarks.scale;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Something that has happened to an instance and is not yet known to all who watch it.
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

	/** The first letter of the status that is told, or G when it is gone. */
	char state() {
		return this.state;
	}

	boolean counted() {
		return this.counted;
	}

	long begun() {
		return this.begun;
	}

	/** How many have not been told. */
	AtomicInteger missing() {
		return this.missing;
	}

}
