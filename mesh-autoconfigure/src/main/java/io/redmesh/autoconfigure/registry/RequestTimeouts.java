package io.redmesh.autoconfigure.registry;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long to wait for an answer: after each that did not come, and each connection that
 * was refused, twice as long, up to four times, as TCP waits for an acknowledgement (RFC
 * 6298, 5.5). A registry to which thousands come back at once is slow, but gets ahead as
 * long as those whom it answers are still there.
 */
final class RequestTimeouts {

	private static final int MAX_DOUBLINGS = 2;

	private final Duration atFirst;

	private final AtomicInteger doublings = new AtomicInteger();

	RequestTimeouts(Duration atFirst) {
		this.atFirst = atFirst;
	}

	Duration limit() {
		return this.atFirst.multipliedBy(1L << this.doublings.get());
	}

	void answered() {
		this.doublings.set(0);
	}

	void waitedInVain() {
		this.doublings.updateAndGet((now) -> Math.min(now + 1, MAX_DOUBLINGS));
	}

}
