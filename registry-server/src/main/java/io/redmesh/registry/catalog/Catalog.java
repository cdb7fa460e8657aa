package io.redmesh.registry.catalog;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Backoff;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.rest.Problem;
import io.redmesh.registry.store.RegistryStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * The namespaces that this server follows: {@code default} always, those that the store
 * knows, and at once any that is written to or watched here.
 * <p>
 * Safe for use by many threads.
 */
public final class Catalog implements AutoCloseable {

	/** The namespace that is always followed. */
	public static final String DEFAULT_NAMESPACE = "default";

	// In looks; a request that has found its namespace takes less.
	private static final int MAX_UNUSED = 6;

	// Longer than any fail-over takes.
	private static final Duration MAX_BEHIND = Duration.ofSeconds(30);

	private static final Logger logger = LoggerFactory.getLogger(Catalog.class);

	private final RegistryStore store;

	private final CatalogProperties properties;

	private final Timer timer;

	private final CatalogMetrics metrics;

	private final Time time;

	private final Restoration restoration;

	private final Backoff lookFailed;

	private final Map<String, NamespaceCatalog> followed = new ConcurrentHashMap<>();

	private final Map<String, Disposable> feeds = new ConcurrentHashMap<>();

	private volatile Set<String> refused = Set.of();

	private @Nullable Cursor behind;

	private long behindSince;

	private final Disposable.Swap look = Disposables.swap();

	/**
	 * Creates a catalog that follows nothing yet.
	 * @param store what to follow
	 * @param properties the limits
	 * @param timer for waiting
	 * @param time for telling how long
	 * @param metrics measures each namespace
	 * @param restoration puts back what the store has lost
	 */
	Catalog(RegistryStore store, CatalogProperties properties, Timer timer, Time time, CatalogMetrics metrics,
			Restoration restoration) {
		this.store = store;
		this.properties = properties;
		this.timer = timer;
		this.time = time;
		this.metrics = metrics;
		this.restoration = restoration;
		this.lookFailed = new Backoff(properties.lookForNamespaces(), properties.lookForNamespaces().multipliedBy(6));
	}

	/** Begins to follow. */
	void start() {
		follow(DEFAULT_NAMESPACE);
		look(0);
	}

	/**
	 * Returns a namespace that is followed already.
	 * @param namespace its name
	 * @return the namespace, or null
	 */
	public @Nullable NamespaceCatalog find(String namespace) {
		return this.followed.get(namespace);
	}

	/**
	 * Returns what is followed.
	 * @return the namespaces, in no order
	 */
	public Collection<NamespaceCatalog> followed() {
		return this.followed.values();
	}

	/**
	 * Follows a namespace from now on.
	 * @param namespace its name
	 * @return the namespace, of which nothing may have been read yet
	 * @throws io.redmesh.registry.rest.ProblemException if there are too many
	 */
	public NamespaceCatalog follow(String namespace) {
		NamespaceCatalog known = this.followed.get(namespace);
		if (known != null) {
			known.usage().used();
			return known;
		}
		NamespaceCatalog created = add(namespace);
		if (created == null) {
			throw Problem.tooManyNamespaces(this.properties.maxNamespaces()).asException();
		}
		return created;
	}

	/**
	 * Returns a namespace if anything was ever registered there, by asking the store when
	 * it is not followed.
	 * @param namespace its name
	 * @return the namespace, or the problem that there is none
	 */
	public Mono<NamespaceCatalog> lookUp(String namespace) {
		NamespaceCatalog known = this.followed.get(namespace);
		if (known != null && (namespace.equals(DEFAULT_NAMESPACE) || !known.isUntouched())) {
			return Mono.just(known);
		}
		return this.store.namespaces()
			.filter((names) -> names.contains(namespace))
			.map((names) -> follow(namespace))
			.switchIfEmpty(Mono.error(
					() -> Problem.notFound("Nothing was ever registered in the namespace " + namespace).asException()));
	}

	/**
	 * Tells whether somebody has seen a later epoch than this server, in which case the
	 * store is asked to look for it. After half a minute it is taken for one that is no
	 * more, or that somebody has made up.
	 * @param standing where this server stands
	 * @param shown what was seen
	 * @return whether this server should rather say nothing
	 */
	public synchronized boolean isBehind(Cursor standing, Cursor shown) {
		if (!standing.sameLineage(shown) || standing.epoch() >= shown.epoch()) {
			return false;
		}
		long now = this.time.nanos();
		if (this.behind == null || shown.epoch() > this.behind.epoch()) {
			logger.warn("Somebody has seen {}, this server only {}", shown, standing);
			this.behind = shown;
			this.behindSince = now;
		}
		this.store.seek();
		return now - this.behindSince < MAX_BEHIND.toNanos();
	}

	private synchronized @Nullable NamespaceCatalog add(String namespace) {
		NamespaceCatalog known = this.followed.get(namespace);
		if (known != null) {
			return known;
		}
		if (this.followed.size() >= this.properties.maxNamespaces()) {
			return null;
		}
		NamespaceCatalog created = new NamespaceCatalog(namespace, this.properties.history(), this.timer,
				this.restoration::restore);
		this.followed.put(namespace, created);
		this.metrics.add(created);
		logger.info("Namespace {} is followed", namespace);
		subscribe(created);
		return created;
	}

	/** A feed never ends, but what takes it in may fail: then it begins anew. */
	private synchronized void subscribe(NamespaceCatalog namespace) {
		String name = namespace.name();
		if (!namespace.equals(this.followed.get(name))) {
			return;
		}
		this.feeds.put(name, this.store.follow(name).subscribe(namespace::apply, (ex) -> {
			logger.error("The feed of namespace {} could not be taken in, it is read anew", name, ex);
			this.timer.schedule(Duration.ofSeconds(1), () -> subscribe(namespace));
		}));
	}

	private void look(int failures) {
		this.look.update(this.store.namespaces().subscribe((names) -> {
			followAll(names);
			giveUpUnused(names);
			lookAgain(0);
		}, (ex) -> lookAgain(failures + 1)));
	}

	private void lookAgain(int failures) {
		Duration delay = this.lookFailed.delay(Math.max(1, failures), ThreadLocalRandom.current());
		this.timer.schedule(delay, () -> look(failures));
	}

	/**
	 * In their order, so that all servers refuse the same ones where there are too many.
	 */
	private void followAll(Set<String> names) {
		Set<String> tooMany = new TreeSet<>();
		for (String name : new TreeSet<>(names)) {
			if (!this.followed.containsKey(name) && add(name) == null) {
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
	 * A namespace in which nothing was ever registered is followed for those who watch
	 * it, and as long as they do: anybody may ask for any name.
	 */
	private synchronized void giveUpUnused(Set<String> names) {
		for (NamespaceCatalog namespace : List.copyOf(this.followed.values())) {
			String name = namespace.name();
			if (namespace.usage().unusedLooks() > MAX_UNUSED && namespace.isUntouched() && !names.contains(name)
					&& !name.equals(DEFAULT_NAMESPACE)) {
				this.followed.remove(name);
				this.metrics.remove(namespace);
				Disposable feed = this.feeds.remove(name);
				if (feed != null) {
					feed.dispose();
				}
				logger.info("Namespace {} is given up: there is nothing, and nobody watches", name);
			}
		}
	}

	@Override
	public void close() {
		this.look.dispose();
		this.feeds.values().forEach(Disposable::dispose);
	}

}
