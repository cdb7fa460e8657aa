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
import io.redmesh.registry.eviction.TcpProbe.Knock;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.RegistryStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks instances of which somebody has hinted that they may have died: a watch of
 * theirs that closed, callers who were refused, a lease that ended under guard. A hint
 * decides nothing. An address that this server has reached before and that refuses is
 * doubted, so that other servers may vouch for it; when it refuses again it is evicted.
 * <p>
 * Safe for use by many threads.
 */
final class SuspectVerifier {

	private static final Logger logger = LoggerFactory.getLogger(SuspectVerifier.class);

	// A process that is killed closes its connections one by one, its door perhaps last.
	private static final List<Duration> CHECKS = List.of(Duration.ofMillis(50), Duration.ofMillis(250),
			Duration.ofMillis(700));

	private static final Duration SECOND_OPINION = Duration.ofMillis(200);

	private static final int MAX_RUNNING = 100;

	private static final int MAX_WAITING = 10_000;

	private final RegistryStore store;

	private final Namespaces catalog;

	private final TcpProbe probe;

	private final ReachableInstances reachable;

	private final EvictionProperties properties;

	private final Timer timer;

	private final Counter hints;

	private final Counter refusals;

	private final Set<Suspect> running = new HashSet<>();

	private final Set<Suspect> waiting = new LinkedHashSet<>();

	SuspectVerifier(RegistryStore store, Namespaces catalog, TcpProbe probe, ReachableInstances reachable,
			EvictionProperties properties, Timer timer, MeterRegistry meters) {
		this.store = store;
		this.catalog = catalog;
		this.probe = probe;
		this.reachable = reachable;
		this.properties = properties;
		this.timer = timer;
		this.hints = meters.counter("mesh.server.hints");
		this.refusals = meters.counter("mesh.server.evictions.refused");
	}

	/**
	 * Takes a hint. One that is being followed already, or one too many, is dropped: the
	 * lease always suffices.
	 * @param namespace the namespace
	 * @param who who may have died
	 */
	void hint(String namespace, Incarnation who) {
		this.hints.increment();
		Suspect suspect = new Suspect(namespace, who);
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

	/** Tells whether no hint is being followed. */
	synchronized boolean isIdle() {
		return this.running.isEmpty();
	}

	private void check(Suspect suspect, int number) {
		knockAfter(CHECKS.get(number), suspect, (instance, knock) -> {
			if (knock == Knock.REFUSED && this.reachable.hasReached(suspect.namespace, instance)) {
				doubt(suspect);
			}
			else if (knock == Knock.OPEN && number + 1 < CHECKS.size()) {
				check(suspect, number + 1);
			}
			else {
				done(suspect);
			}
		});
	}

	private void doubt(Suspect suspect) {
		this.store.suspect(suspect.namespace, suspect.who).subscribe((began) -> {
			if (began) {
				logger.info("{} in {} is suspect: it refused a connection", suspect.who, suspect.namespace);
			}
			askAgain(suspect);
		}, (failure) -> done(suspect));
	}

	private void askAgain(Suspect suspect) {
		knockAfter(SECOND_OPINION, suspect, (instance, knock) -> {
			if (knock == Knock.REFUSED) {
				this.store.evictRefused(suspect.namespace, suspect.who, this.properties.rules())
					.doFinally((signal) -> done(suspect))
					.subscribe((gone) -> refused(suspect, gone), (failure) -> logger.debug("Not evicted", failure));
			}
			else {
				this.store.clear(suspect.namespace, suspect.who)
					.doFinally((signal) -> done(suspect))
					.subscribe((cleared) -> {
					}, (failure) -> logger.debug("Not cleared", failure));
			}
		});
	}

	private void refused(Suspect suspect, boolean gone) {
		if (gone) {
			this.refusals.increment();
			logger.info("{} in {} evicted: it refused connections, fence {}", suspect.who, suspect.namespace,
					suspect.who.fence());
		}
	}

	private void knockAfter(Duration delay, Suspect suspect, Answer answer) {
		this.timer.schedule(delay, () -> {
			Instance instance = find(suspect);
			if (instance == null) {
				done(suspect);
				return;
			}
			this.probe.knock(instance).subscribe((knock) -> answer.take(instance, knock));
		});
	}

	private @Nullable Instance find(Suspect suspect) {
		NamespaceCatalog namespace = this.catalog.find(suspect.namespace);
		CatalogInstance known = (namespace != null) ? namespace.instance(suspect.who.service(), suspect.who.id())
				: null;
		return (known != null && Incarnation.of(known.stored()).equals(suspect.who)) ? known.instance() : null;
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

	private record Suspect(String namespace, Incarnation who) {

	}

	/** What to do with an answer. */
	@FunctionalInterface
	private interface Answer {

		void take(Instance instance, Knock knock);

	}

}
