package io.redmesh.registry.eviction;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ThreadLocalRandom;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.redmesh.core.time.Backoff;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.catalog.Namespaces;
import io.redmesh.registry.store.Digest;
import io.redmesh.registry.store.Guard;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.StoreUnavailableException;
import io.redmesh.registry.store.Sweep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;

/**
 * The periodic sweep, with which the store evicts instances whose lease has ended. A
 * sweep ends before the next one is scheduled.
 */
final class Sweeper implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(Sweeper.class);

	private static final double JITTER = 0.1;

	// With the interval between sweeps it stays below the gap after which all get grace.
	private static final Duration TIMEOUT = Duration.ofMillis(1500);

	private final RegistryStore store;

	private final Namespaces namespaces;

	private final SuspectVerifier verifier;

	private final EvictionProperties properties;

	private final Timer timer;

	private final Backoff backoff;

	private final Counter evictions;

	private final Counter suspected;

	private final Counter repairs;

	private int failures;

	private volatile boolean running;

	Sweeper(RegistryStore store, Namespaces namespaces, SuspectVerifier verifier, EvictionProperties properties,
			Timer timer, MeterRegistry meters) {
		this.verifier = verifier;
		this.store = store;
		this.namespaces = namespaces;
		this.properties = properties;
		this.timer = timer;
		this.backoff = new Backoff(properties.sweep().multipliedBy(2), Duration.ofSeconds(5));
		this.evictions = meters.counter("mesh.server.evictions");
		this.suspected = meters.counter("mesh.server.suspicions");
		this.repairs = meters.counter("mesh.server.repairs");
	}

	@Override
	public void start() {
		this.running = true;
		sweepAfter(this.properties.sweep());
	}

	private void sweepAfter(Duration delay) {
		if (this.running) {
			this.timer.schedule(delay, this::sweep);
		}
	}

	private void sweep() {
		Flux.fromIterable(this.namespaces.followed())
			.flatMap((namespace) -> this.store.evict(namespace.name(), this.properties.rules())
				// A namespace that hangs must not delay the sweeps of other namespaces.
				.timeout(TIMEOUT, Mono.error(() -> new StoreUnavailableException("timed out after " + TIMEOUT)))
				.doOnNext((sweep) -> apply(namespace, sweep))
				.thenReturn(Optional.<Throwable>empty())
				.onErrorResume((failure) -> Mono.just(Optional.of(failure))))
			.collectList()
			.subscribe(this::swept);
	}

	private void apply(NamespaceCatalog namespace, Sweep sweep) {
		for (Incarnation gone : sweep.evicted()) {
			this.evictions.increment();
			logger.info("{} in {} evicted: its lease has ended, fence {}", gone, namespace.name(), gone.fence());
		}
		for (Incarnation suspect : sweep.suspected()) {
			this.suspected.increment();
			logger.warn("{} in {} is suspect: its lease has ended, fence {}", suspect, namespace.name(),
					suspect.fence());
			this.verifier.hint(namespace.name(), suspect);
		}
		SortedSet<Guard> before = namespace.guards();
		if (!before.equals(sweep.guards())) {
			logger.atLevel(isUsual(sweep.guards(), before) ? Level.INFO : Level.WARN)
				.log("Namespace {} is guarded from evictions by {}, before by {}", namespace.name(), sweep.guards(),
						before);
		}
		namespace.swept(sweep.guards());
		Digest digest = sweep.digest();
		if (digest == null) {
			return;
		}
		if (!namespace.agreesWith(digest)) {
			this.repairs.increment();
			logger.error("Namespace {} is not what the store holds at {}, reading it again", namespace.name(),
					digest.cursor());
			this.store.reread(namespace.name());
		}
		else if (this.namespaces.revive(namespace, digest)) {
			this.repairs.increment();
			logger.error("The feed of namespace {} is stuck behind {}, subscribing again", namespace.name(),
					digest.cursor());
		}
	}

	// Each start begins with grace.
	private static boolean isUsual(SortedSet<Guard> guards, SortedSet<Guard> before) {
		return before.containsAll(guards) || guards.equals(Set.of(Guard.GRACE));
	}

	/**
	 * Schedules the next sweep. A namespace that cannot be swept delays no other. Only if
	 * none can be swept, the store gets a pause.
	 */
	private void swept(List<Optional<Throwable>> outcomes) {
		List<Throwable> failed = outcomes.stream().flatMap(Optional::stream).toList();
		if (!failed.isEmpty()) {
			failed(failed.get(0), failed.size() == outcomes.size());
			return;
		}
		if (this.failures > 0) {
			logger.info("Sweeping again after {} failures", this.failures);
		}
		this.failures = 0;
		sweepAfterInterval();
	}

	private void sweepAfterInterval() {
		double jitter = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
		sweepAfter(Duration.ofNanos((long) (this.properties.sweep().toNanos() * jitter)));
	}

	private void failed(Throwable failure, boolean everywhere) {
		this.failures++;
		if (this.failures == 1) {
			logger.warn("Sweeping failed in {} namespaces: {}", everywhere ? "all" : "some",
					(failure instanceof StoreUnavailableException) ? failure.getMessage() : failure.toString());
		}
		if (!everywhere) {
			sweepAfterInterval();
			return;
		}
		sweepAfter(this.backoff.delay(this.failures, ThreadLocalRandom.current()));
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
