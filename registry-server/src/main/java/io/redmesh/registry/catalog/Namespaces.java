package io.redmesh.registry.catalog;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.store.Digest;
import io.redmesh.registry.store.RegistryStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * The namespaces that this server follows: {@code default}, all that the store lists, and
 * at once each that a client writes to here. A namespace that does not exist is followed
 * while it has watchers. Such namespaces have a quota of their own, so invented names
 * take no place from existing namespaces.
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

	private final RuleArchive archive;

	private final Map<String, NamespaceCatalog> followed = new ConcurrentHashMap<>();

	private final Map<String, Disposable> feeds = new ConcurrentHashMap<>();

	// Followed only for their watchers.
	private final Set<String> nonexistent = ConcurrentHashMap.newKeySet();

	private @Nullable Cursor behind;

	private long behindSince;

	private final NamespaceDiscovery discovery;

	/**
	 * Creates a catalog that follows nothing yet.
	 * @param store the store to follow
	 * @param properties the limits
	 * @param timer the timer of delays
	 * @param time the clock of elapsed times
	 * @param metrics the gauges of each namespace
	 * @param restoration puts back what the store has lost
	 * @param archive keeps the traffic rules
	 */
	Namespaces(RegistryStore store, CatalogProperties properties, Timer timer, Time time, CatalogMetrics metrics,
			Restoration restoration, RuleArchive archive) {
		this.archive = archive;
		this.store = store;
		this.properties = properties;
		this.timer = timer;
		this.time = time;
		this.metrics = metrics;
		this.restoration = restoration;
		this.discovery = new NamespaceDiscovery(this, store, properties, timer);
	}

	/**
	 * Starts following {@code default} and the namespaces of which rules are kept, and
	 * looking for others.
	 */
	void start() {
		follow(DEFAULT_NAMESPACE);
		this.archive.namespaces().forEach((name) -> add(name, false));
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
	 * Returns the followed namespaces.
	 * @return the namespaces, in no particular order
	 */
	public Collection<NamespaceCatalog> followed() {
		return this.followed.values();
	}

	/**
	 * Follows a namespace from now on, to write to it.
	 * @param namespace its name
	 * @return its copy on this server
	 * @throws TooManyNamespacesException if this server follows too many namespaces
	 */
	public NamespaceCatalog follow(String namespace) {
		NamespaceCatalog known = this.followed.get(namespace);
		if (known == null || this.nonexistent.contains(namespace)) {
			known = add(namespace, false);
		}
		if (known == null) {
			throw new TooManyNamespacesException(this.properties.maxNamespaces());
		}
		known.usage().used();
		return known;
	}

	/**
	 * Follows a namespace while it has watchers. Does not create it.
	 * @param namespace its name
	 * @return its copy on this server; fails with {@link TooManyNamespacesException} if
	 * the namespace does not exist and this server follows too many such namespaces
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
				throw new TooManyNamespacesException(this.properties.maxNamespaces());
			}
			return follow(namespace);
		});
	}

	/**
	 * Returns a namespace in which something was registered. Asks the store if this
	 * server does not follow it.
	 * @param namespace its name
	 * @return the namespace; fails with {@link UnknownNamespaceException} if there is
	 * none
	 */
	public Mono<NamespaceCatalog> lookUp(String namespace) {
		NamespaceCatalog known = this.followed.get(namespace);
		if (known != null && (namespace.equals(DEFAULT_NAMESPACE) || !known.isUntouched())) {
			return Mono.just(known);
		}
		return this.store.namespaces()
			.filter((names) -> names.contains(namespace))
			.map((names) -> follow(namespace))
			.switchIfEmpty(Mono.error(() -> new UnknownNamespaceException(namespace)));
	}

	/**
	 * Returns whether a client has seen a later epoch than this server. If so, asks the
	 * store to look for that epoch. After 30 s the epoch counts as lost or invented.
	 * @param position the cursor of this server
	 * @param shown the cursor that the client has shown
	 * @return whether this server should refuse to answer for now
	 */
	public synchronized boolean isBehind(Cursor position, Cursor shown) {
		if (!position.sameLineage(shown) || position.epoch() >= shown.epoch()) {
			return false;
		}
		long now = this.time.nanos();
		if (this.behind == null || shown.epoch() > this.behind.epoch()) {
			logger.warn("A client has seen {}, this server only {}", shown, position);
			this.behind = shown;
			this.behindSince = now;
		}
		this.store.seek();
		return now - this.behindSince < MAX_BEHIND.toNanos();
	}

	/**
	 * Follows a namespace.
	 * @param namespace its name
	 * @param forWatch whether the namespace need not exist
	 * @return its copy on this server, or null if too many are followed
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
				new HistoryLimits(this.properties.history(), this::historyBytes), this.timer, this.restoration,
				this.archive);
		if (forWatch) {
			this.nonexistent.add(namespace);
		}
		this.followed.put(namespace, created);
		this.metrics.add(created);
		logger.info("Following namespace {}", namespace);
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
	 * Subscribes to a namespace again if its feed is stuck behind the store. Until it has
	 * been read again, instances may be missing.
	 * @param namespace the namespace
	 * @param digest the digest of the store
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
		namespace.markIncomplete();
		subscribe(namespace);
		return true;
	}

	/**
	 * Subscribes to a feed. A feed never ends, but applying an event may fail: then this
	 * subscribes again.
	 */
	private synchronized void subscribe(NamespaceCatalog namespace) {
		String name = namespace.name();
		if (!namespace.equals(this.followed.get(name))) {
			return;
		}
		this.feeds.put(name, this.store.follow(name).subscribe(namespace::apply, (ex) -> {
			logger.error("Could not apply the feed of namespace {}, reading it again", name, ex);
			this.timer.schedule(Duration.ofSeconds(1), () -> subscribe(namespace));
		}));
	}

	/**
	 * Stops following an empty namespace.
	 * @param namespace the namespace
	 */
	synchronized void giveUp(NamespaceCatalog namespace) {
		String name = namespace.name();
		if (this.followed.remove(name, namespace)) {
			this.nonexistent.remove(name);
			this.metrics.remove(namespace);
			this.archive.forget(name);
			Disposable feed = this.feeds.remove(name);
			if (feed != null) {
				feed.dispose();
			}
			logger.info("Stopped following namespace {}: it is empty and not used", name);
		}
	}

	@Override
	public void close() {
		this.discovery.close();
		this.feeds.values().forEach(Disposable::dispose);
	}

}
