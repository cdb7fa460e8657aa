package io.redmesh.registry.registration;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.store.LeaseKey;
import io.redmesh.registry.store.LeaseState;
import io.redmesh.registry.store.RegistryStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deregistrations that failed because the store was away. Their instances do not ask
 * again, so this server retries until the store has answered.
 * <p>
 * Safe for use by many threads.
 */
final class LateDepartures {

	private static final Logger logger = LoggerFactory.getLogger(LateDepartures.class);

	private static final Duration INTERVAL = Duration.ofMillis(500);

	// By then the lease has ended anyway.
	private static final Duration MAX_AGE = Duration.ofMinutes(10);

	private static final int MAX_WAITING = 10_000;

	private final RegistryStore store;

	private final Timer timer;

	private final Time time;

	private final Deque<Departure> waiting = new ArrayDeque<>();

	LateDepartures(RegistryStore store, Timer timer, Time time) {
		this.store = store;
		this.timer = timer;
		this.time = time;
	}

	/**
	 * Remembers a deregistration. Drops the oldest if there are too many.
	 * @param namespace the namespace
	 * @param lease the lease that should have ended
	 */
	synchronized void remember(String namespace, LeaseKey lease) {
		if (this.waiting.size() >= MAX_WAITING) {
			this.waiting.removeFirst();
		}
		boolean first = this.waiting.isEmpty();
		this.waiting.addLast(new Departure(namespace, lease, this.time.nanos()));
		if (first) {
			this.timer.schedule(INTERVAL, this::tryNext);
		}
	}

	private void tryNext() {
		Departure next = next();
		if (next != null) {
			this.store.deregister(next.namespace, next.lease, Duration.ofNanos(this.time.nanos() - next.since))
				.subscribe((result) -> {
					if (result.state() == LeaseState.HELD) {
						logger.info("{}/{} in {} deregistered, late because the store was away", next.lease.service(),
								next.lease.id(), next.namespace);
					}
					done(next);
					tryNext();
				}, (failure) -> this.timer.schedule(INTERVAL, this::tryNext));
		}
	}

	private synchronized @Nullable Departure next() {
		long now = this.time.nanos();
		while (!this.waiting.isEmpty() && now - this.waiting.peekFirst().since > MAX_AGE.toNanos()) {
			this.waiting.removeFirst();
		}
		return this.waiting.peekFirst();
	}

	private synchronized void done(Departure departure) {
		this.waiting.remove(departure);
	}

	private record Departure(String namespace, LeaseKey lease, long since) {

	}

}
