package io.redmesh.registry.watch;

import io.redmesh.core.time.Time;

/**
 * The limit of watches that begin with a snapshot: a token bucket that holds the tokens
 * of one second. A watch that resumes needs no token.
 * <p>
 * Safe for use by many threads.
 */
final class SnapshotLimit {

	private static final double NANOS_PER_SECOND = 1e9;

	private final int perSecond;

	private final Time time;

	private double tokens;

	private long filledAt;

	SnapshotLimit(int perSecond, Time time) {
		this.perSecond = perSecond;
		this.time = time;
		this.tokens = perSecond;
		this.filledAt = time.nanos();
	}

	synchronized boolean admit() {
		long now = this.time.nanos();
		double brought = (now - this.filledAt) / NANOS_PER_SECOND * this.perSecond;
		this.tokens = Math.min(this.perSecond, this.tokens + brought);
		this.filledAt = now;
		if (this.tokens < 1) {
			return false;
		}
		this.tokens--;
		return true;
	}

}
