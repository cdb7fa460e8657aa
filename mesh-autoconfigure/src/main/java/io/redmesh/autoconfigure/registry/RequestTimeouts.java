package io.redmesh.autoconfigure.registry;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The timeout of requests, with exponential backoff. Each request that times out and each
 * connection that fails doubles it, up to four times the value, as TCP waits for an
 * acknowledgement (RFC 6298, 5.5). A registry to which thousands of clients connect again
 * at once is slow. It catches up as long as clients still wait for its responses.
 */
final class RequestTimeouts {

	private static final int MAX_DOUBLINGS = 2;

	private final Duration initial;

	private final AtomicInteger doublings = new AtomicInteger();

	RequestTimeouts(Duration initial) {
		this.initial = initial;
	}

	Duration limit() {
		return this.initial.multipliedBy(1L << this.doublings.get());
	}

	void answered() {
		this.doublings.set(0);
	}

	void timedOut() {
		this.doublings.updateAndGet((now) -> Math.min(now + 1, MAX_DOUBLINGS));
	}

}
