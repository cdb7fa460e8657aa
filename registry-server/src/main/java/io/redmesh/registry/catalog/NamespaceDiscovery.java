package io.redmesh.registry.catalog;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;

import io.redmesh.core.time.Backoff;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.store.RegistryStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A periodic comparison of the followed namespaces with the store's list. It follows
 * namespaces that other servers have created, and stops following empty ones.
 */
final class NamespaceDiscovery {

	private static final Logger logger = LoggerFactory.getLogger(NamespaceDiscovery.class);

	// Unit: comparisons. No request that has found its namespace takes this long.
	private static final int MAX_UNUSED_COMPARISONS = 6;

	private final Namespaces namespaces;

	private final RegistryStore store;

	private final CatalogProperties properties;

	private final Timer timer;

	private final Backoff failed;

	private final Disposable.Swap comparison = Disposables.swap();

	private final Disposable.Swap next = Disposables.swap();

	private volatile Set<String> refused = Set.of();

	NamespaceDiscovery(Namespaces namespaces, RegistryStore store, CatalogProperties properties, Timer timer) {
		this.namespaces = namespaces;
		this.store = store;
		this.properties = properties;
		this.timer = timer;
		this.failed = new Backoff(properties.lookForNamespaces(), properties.lookForNamespaces().multipliedBy(6));
	}

	void start() {
		compare(0);
	}

	private void compare(int failures) {
		this.comparison.update(this.store.namespaces().flatMap(this::ranked).subscribe((names) -> {
			followAll(names);
			Set<String> known = Set.copyOf(names);
			for (NamespaceCatalog namespace : List.copyOf(this.namespaces.followed())) {
				giveUpIfUnused(namespace, known);
				enlist(namespace, known);
			}
			compareLater(0);
		}, (failure) -> compareLater(failures + 1)));
	}

	private void compareLater(int failures) {
		Duration delay = this.failed.delay(Math.max(1, failures), ThreadLocalRandom.current());
		this.next.update(this.timer.schedule(delay, () -> compare(failures))::cancel);
	}

	/** Sorts the namespaces if there are too many: those with instances come first. */
	private Mono<List<String>> ranked(Set<String> names) {
		List<String> all = List.copyOf(new TreeSet<>(names));
		// The default namespace takes a place, listed or not.
		int places = this.properties.maxNamespaces() - (names.contains(RegistryStore.DEFAULT_NAMESPACE) ? 0 : 1);
		if (all.size() <= places) {
			return Mono.just(all);
		}
		return Flux.fromIterable(all).filterWhen(this.store::isOccupied).collectList().map((occupied) -> {
			Set<String> ranked = new LinkedHashSet<>(occupied);
			ranked.addAll(all);
			return List.copyOf(ranked);
		});
	}

	/** Follows the namespaces in order, so that all servers refuse the same ones. */
	private void followAll(List<String> names) {
		Set<String> tooMany = new TreeSet<>();
		for (String name : names) {
			if (this.namespaces.add(name, false) == null) {
				tooMany.add(name);
			}
		}
		if (!tooMany.equals(this.refused)) {
			logger.warn("At most {} namespaces are followed (mesh.server.catalog.max-namespaces); not followed: {}",
					this.properties.maxNamespaces(), tooMany);
		}
		this.refused = tooMany;
	}

	/**
	 * Stops following a namespace that is not used and does not exist. If it exists but
	 * is empty, the store forgets it first.
	 */
	private void giveUpIfUnused(NamespaceCatalog namespace, Set<String> names) {
		String name = namespace.name();
		if (namespace.usage().countUnused() <= MAX_UNUSED_COMPARISONS || name.equals(RegistryStore.DEFAULT_NAMESPACE)) {
			return;
		}
		if (namespace.isUntouched() && !names.contains(name)) {
			this.namespaces.giveUp(namespace);
		}
		else if (namespace.isEmpty()) {
			this.store.forget(name)
				.filter((forgotten) -> forgotten)
				.subscribe((forgotten) -> this.namespaces.giveUp(namespace),
						(failure) -> logger.debug("Could not forget namespace {}", name, failure));
		}
	}

	/** Adds the namespace to the store's list, which Redis may lose by itself. */
	private void enlist(NamespaceCatalog namespace, Set<String> names) {
		if (namespace.holdsSomething() && !names.contains(namespace.name())) {
			this.store.enlist(namespace.name()).subscribe((nothing) -> {
			}, (failure) -> logger.debug("Could not list namespace {}", namespace.name(), failure));
		}
	}

	void close() {
		this.comparison.dispose();
		this.next.dispose();
	}

}
