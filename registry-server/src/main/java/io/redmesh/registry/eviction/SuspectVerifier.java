package io.redmesh.registry.eviction;

import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.catalog.CatalogInstance;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.catalog.Namespaces;
import io.redmesh.registry.eviction.TcpProbe.ProbeResult;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.RegistryStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The check of instances that a hint reports as possibly dead. A hint is a watch that
 * closed, callers that were refused, or a lease that ended under a guard. A hint decides
 * nothing. An instance becomes a suspect if its address refuses, and this server has
 * reached it before. Other servers may then vouch for it. If its address refuses again,
 * it is evicted.
 * <p>
 * Safe for use by many threads.
 */
final class SuspectVerifier {

	private static final Logger logger = LoggerFactory.getLogger(SuspectVerifier.class);

	// A killed process closes its connections one by one, and its port perhaps last.
	private static final List<Duration> CHECKS = List.of(Duration.ofMillis(50), Duration.ofMillis(250),
			Duration.ofMillis(700));

	private static final Duration SECOND_PROBE = Duration.ofMillis(200);

	private static final int MAX_RUNNING = 100;

	private static final int MAX_WAITING = 10_000;

	private final RegistryStore store;

	private final Namespaces namespaces;

	private final TcpProbe probe;

	private final ReachableInstances reachable;

	private final EvictionProperties properties;

	private final Timer timer;

	private final Counter hints;

	private final Counter refusals;

	private final Set<Suspect> running = new HashSet<>();

	private final Set<Suspect> waiting = new LinkedHashSet<>();

	SuspectVerifier(RegistryStore store, Namespaces namespaces, TcpProbe probe, ReachableInstances reachable,
			EvictionProperties properties, Timer timer, MeterRegistry meters) {
		this.store = store;
		this.namespaces = namespaces;
		this.probe = probe;
		this.reachable = reachable;
		this.properties = properties;
		this.timer = timer;
		this.hints = meters.counter("mesh.server.hints");
		this.refusals = meters.counter("mesh.server.evictions.refused");
	}

	/**
	 * Takes a hint. Drops it if the instance is being checked already, or if too many
	 * wait: the lease always suffices.
	 * @param namespace the namespace
	 * @param incarnation the incarnation that may have died
	 */
	void hint(String namespace, Incarnation incarnation) {
		this.hints.increment();
		Suspect suspect = new Suspect(namespace, incarnation);
		synchronized (this) {
			if (this.running.contains(suspect) || this.waiting.size() >= MAX_WAITING) {
				return;
			}
			if (this.running.size() >= MAX_RUNNING) {
				this.waiting.add(suspect);
				return;
			}
			this.running.add(suspect);
		}
		check(suspect, 0);
	}

	/** Returns whether no instance is being checked. */
	synchronized boolean isIdle() {
		return this.running.isEmpty();
	}

	private void check(Suspect suspect, int number) {
		probeAfter(CHECKS.get(number), suspect, (instance, result) -> {
			if (result == ProbeResult.REFUSED && this.reachable.hasReached(suspect.namespace, instance)) {
				markSuspect(suspect);
			}
			else if (result == ProbeResult.OPEN && number + 1 < CHECKS.size()) {
				check(suspect, number + 1);
			}
			else {
				done(suspect);
			}
		});
	}

	private void markSuspect(Suspect suspect) {
		this.store.suspect(suspect.namespace, suspect.incarnation).subscribe((began) -> {
			if (began) {
				logger.info("{} in {} is suspect: it refused a connection", suspect.incarnation, suspect.namespace);
			}
			probeAgain(suspect);
		}, (failure) -> done(suspect));
	}

	private void probeAgain(Suspect suspect) {
		probeAfter(SECOND_PROBE, suspect, (instance, result) -> {
			if (result == ProbeResult.REFUSED) {
				this.store.evictRefused(suspect.namespace, suspect.incarnation, this.properties.rules())
					.doFinally((signal) -> done(suspect))
					.subscribe((gone) -> refused(suspect, gone), (failure) -> logger.debug("Not evicted", failure));
			}
			else {
				this.store.clear(suspect.namespace, suspect.incarnation)
					.doFinally((signal) -> done(suspect))
					.subscribe((cleared) -> {
					}, (failure) -> logger.debug("Not cleared", failure));
			}
		});
	}

	private void refused(Suspect suspect, boolean gone) {
		if (gone) {
			this.refusals.increment();
			logger.info("{} in {} evicted: it refused connections, fence {}", suspect.incarnation, suspect.namespace,
					suspect.incarnation.fence());
		}
	}

	private void probeAfter(Duration delay, Suspect suspect, ProbeAction action) {
		this.timer.schedule(delay, () -> {
			Instance instance = find(suspect);
			if (instance == null) {
				done(suspect);
				return;
			}
			this.probe.connect(instance).subscribe((result) -> action.take(instance, result));
		});
	}

	private @Nullable Instance find(Suspect suspect) {
		NamespaceCatalog namespace = this.namespaces.find(suspect.namespace);
		CatalogInstance known = (namespace != null)
				? namespace.instance(suspect.incarnation.service(), suspect.incarnation.id()) : null;
		return (known != null && Incarnation.of(known.stored()).equals(suspect.incarnation)) ? known.instance() : null;
	}

	private void done(Suspect suspect) {
		Suspect next;
		synchronized (this) {
			this.running.remove(suspect);
			next = nextWaiting();
		}
		if (next != null) {
			check(next, 0);
		}
	}

	private @Nullable Suspect nextWaiting() {
		Iterator<Suspect> waiting = this.waiting.iterator();
		while (waiting.hasNext()) {
			Suspect next = waiting.next();
			waiting.remove();
			if (this.running.add(next)) {
				return next;
			}
		}
		return null;
	}

	private record Suspect(String namespace, Incarnation incarnation) {

	}

	/** The action upon the result of a probe. */
	@FunctionalInterface
	private interface ProbeAction {

		void take(Instance instance, ProbeResult result);

	}

}
