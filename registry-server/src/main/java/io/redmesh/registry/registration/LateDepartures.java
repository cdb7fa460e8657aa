package io.redmesh.registry.registration;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.store.LeaseKey;
import io.redmesh.registry.store.LeaseState;
import io.redmesh.registry.store.RegistryStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Deregistrations that failed because the store was away. Their instances do not ask
 * again, so this server retries until the store has answered. Each namespace is retried
 * for itself: in a Redis Cluster, the store may be away for some of them.
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

	// The oldest first.
	private final Set<Departure> waiting = new LinkedHashSet<>();

	private final Set<String> retried = new HashSet<>();

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
			this.waiting.remove(this.waiting.iterator().next());
		}
		this.waiting.add(new Departure(namespace, lease, this.time.nanos()));
		if (this.retried.add(namespace)) {
			this.timer.schedule(INTERVAL, () -> retry(namespace));
		}
	}

	/** Retries the departures of a namespace in their order, until one fails. */
	private void retry(String namespace) {
		Flux.fromIterable(waiting(namespace)).concatMap(this::deregister).onErrorComplete().subscribe((departure) -> {
		}, null, () -> retryLater(namespace));
	}

	private Mono<Departure> deregister(Departure departure) {
		Duration age = Duration.ofNanos(this.time.nanos() - departure.since);
		return this.store.deregister(departure.namespace, departure.lease, age).map((result) -> {
			if (result.state() == LeaseState.HELD) {
				logger.info("{}/{} in {} deregistered, late because the store was away", departure.lease.service(),
						departure.lease.id(), departure.namespace);
			}
			remove(departure);
			return departure;
		});
	}

	private synchronized List<Departure> waiting(String namespace) {
		long now = this.time.nanos();
		this.waiting.removeIf((departure) -> now - departure.since > MAX_AGE.toNanos());
		return this.waiting.stream().filter((departure) -> departure.namespace.equals(namespace)).toList();
	}

	private synchronized void remove(Departure departure) {
		this.waiting.remove(departure);
	}

	private synchronized void retryLater(String namespace) {
		if (this.waiting.stream().anyMatch((departure) -> departure.namespace.equals(namespace))) {
			this.timer.schedule(INTERVAL, () -> retry(namespace));
		}
		else {
			this.retried.remove(namespace);
		}
	}

	private record Departure(String namespace, LeaseKey lease, long since) {

	}

}
