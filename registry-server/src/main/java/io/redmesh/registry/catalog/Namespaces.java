package io.redmesh.registry.catalog;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.rest.Problem;
import io.redmesh.registry.store.Digest;
import io.redmesh.registry.store.RegistryStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * The namespaces that this server follows: {@code default}, all that the store lists, and
 * at once any that is written to here. A namespace that does not exist is followed while
 * it has watchers. Such namespaces have a quota of their own, so that invented names take
 * no place from others.
 * <p>
 * Safe for use by many threads.
 */
public final class Namespaces implements AutoCloseable {

	/** The namespace that is always followed. */
	public static final String DEFAULT_NAMESPACE = RegistryStore.DEFAULT_NAMESPACE;

	private static final int MIN_NONEXISTENT = 4;

	// Longer than any fail-over takes.
	private static final Duration MAX_BEHIND = Duration.ofSeconds(30);

	private static final Logger logger = LoggerFactory.getLogger(Namespaces.class);

	private final RegistryStore store;

	private final CatalogProperties properties;

	private final Timer timer;

	private final CatalogMetrics metrics;

	private final Time time;

	private final Restoration restoration;

	private final Map<String, NamespaceCatalog> followed = new ConcurrentHashMap<>();

	private final Map<String, Disposable> feeds = new ConcurrentHashMap<>();

	// Followed for their watchers alone.
	private final Set<String> nonexistent = ConcurrentHashMap.newKeySet();

	private @Nullable Cursor behind;

	private long behindSince;

	private final NamespaceDiscovery discovery;

	/**
	 * Creates a catalog that follows nothing yet.
	 * @param store what to follow
	 * @param properties the limits
	 * @param timer for waiting
	 * @param time for telling how long
	 * @param metrics measures each namespace
	 * @param restoration puts back what the store has lost
	 */
	Namespaces(RegistryStore store, CatalogProperties properties, Timer timer, Time time, CatalogMetrics metrics,
			Restoration restoration) {
		this.store = store;
		this.properties = properties;
		this.timer = timer;
		this.time = time;
		this.metrics = metrics;
		this.restoration = restoration;
		this.discovery = new NamespaceDiscovery(this, store, properties, timer);
	}

	/** Begins to follow. */
	void start() {
		follow(DEFAULT_NAMESPACE);
		this.discovery.start();
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
	 * Follows a namespace from now on, to write to it.
	 * @param namespace the namespace
	 * @return its copy here
	 * @throws ProblemException if too many are followed
	 */
	public NamespaceCatalog follow(String namespace) {
		NamespaceCatalog known = this.followed.get(namespace);
		if (known == null || this.nonexistent.contains(namespace)) {
			known = add(namespace, false);
		}
		if (known == null) {
			throw Problem.tooManyNamespaces(this.properties.maxNamespaces()).asException();
		}
		known.usage().used();
		return known;
	}

	/**
	 * Follows a namespace while it has watchers. Does not create it.
	 * @param namespace the namespace
	 * @return its copy here; fails if too many are followed that do not exist, and this
	 * is one of them
	 */
	public Mono<NamespaceCatalog> followForWatch(String namespace) {
		NamespaceCatalog followed = this.followed.get(namespace);
		NamespaceCatalog known = (followed != null) ? followed : add(namespace, true);
		if (known != null) {
			known.usage().used();
			return Mono.just(known);
		}
		return this.store.namespaces().map((names) -> {
			if (!names.contains(namespace)) {
				throw Problem.tooManyNamespaces(this.properties.maxNamespaces()).asException();
			}
			return follow(namespace);
		});
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
	 * @param position where this server stands
	 * @param shown what was seen
	 * @return whether this server should rather say nothing
	 */
	public synchronized boolean isBehind(Cursor position, Cursor shown) {
		if (!position.sameLineage(shown) || position.epoch() >= shown.epoch()) {
			return false;
		}
		long now = this.time.nanos();
		if (this.behind == null || shown.epoch() > this.behind.epoch()) {
			logger.warn("Somebody has seen {}, this server only {}", shown, position);
			this.behind = shown;
			this.behindSince = now;
		}
		this.store.seek();
		return now - this.behindSince < MAX_BEHIND.toNanos();
	}

	/**
	 * Follows a namespace.
	 * @param namespace the namespace
	 * @param forWatch whether it need not exist
	 * @return its copy here, or null if too many are followed
	 */
	synchronized @Nullable NamespaceCatalog add(String namespace, boolean forWatch) {
		NamespaceCatalog known = this.followed.get(namespace);
		if (known != null && (forWatch || !this.nonexistent.contains(namespace))) {
			return known;
		}
		if (isFull(forWatch)) {
			return null;
		}
		if (known != null) {
			this.nonexistent.remove(namespace);
			return known;
		}
		NamespaceCatalog created = new NamespaceCatalog(namespace,
				new HistoryLimits(this.properties.history(), this::historyBytes), this.timer,
				this.restoration::restore);
		if (forWatch) {
			this.nonexistent.add(namespace);
		}
		this.followed.put(namespace, created);
		this.metrics.add(created);
		logger.info("Namespace {} is followed", namespace);
		subscribe(created);
		return created;
	}

	private boolean isFull(boolean forWatch) {
		int max = this.properties.maxNamespaces();
		return forWatch ? this.nonexistent.size() >= Math.max(MIN_NONEXISTENT, max / 4)
				: this.followed.size() - this.nonexistent.size() >= max;
	}

	private long historyBytes() {
		return this.properties.historySize().toBytes() / Math.max(1, this.followed.size());
	}

	/**
	 * Begins the feed of a namespace anew if the store has gone on without it for long.
	 * Until it has been read, something may be missing.
	 * @param namespace the namespace
	 * @param digest where the store stands
	 * @return whether that was necessary
	 */
	public synchronized boolean revive(NamespaceCatalog namespace, Digest digest) {
		if (!namespace.equals(this.followed.get(namespace.name()))
				|| !namespace.watchdog().isStuck(namespace.position(), digest, this.time.nanos())) {
			return false;
		}
		Disposable feed = this.feeds.remove(namespace.name());
		if (feed != null) {
			feed.dispose();
		}
		namespace.doubt();
		subscribe(namespace);
		return true;
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

	/**
	 * Gives a namespace up in which there is nothing.
	 * @param namespace the namespace
	 */
	synchronized void giveUp(NamespaceCatalog namespace) {
		String name = namespace.name();
		if (this.followed.remove(name, namespace)) {
			this.nonexistent.remove(name);
			this.metrics.remove(namespace);
			Disposable feed = this.feeds.remove(name);
			if (feed != null) {
				feed.dispose();
			}
			logger.info("Namespace {} is given up: it is empty and has no watcher", name);
		}
	}

	@Override
	public void close() {
		this.discovery.close();
		this.feeds.values().forEach(Disposable::dispose);
	}

}
