package io.redmesh.registry.catalog;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

import io.redmesh.core.time.Backoff;
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

	private static final Logger logger = LoggerFactory.getLogger(Catalog.class);

	private final RegistryStore store;

	private final CatalogProperties properties;

	private final Timer timer;

	private final Consumer<NamespaceCatalog> onFollow;

	private final Restoration restoration;

	private final Backoff lookFailed;

	private final Map<String, NamespaceCatalog> followed = new ConcurrentHashMap<>();

	private final Disposable.Composite feeds = Disposables.composite();

	private volatile Set<String> refused = Set.of();

	private final Disposable.Swap look = Disposables.swap();

	/**
	 * Creates a catalog that follows nothing yet.
	 * @param store what to follow
	 * @param properties the limits
	 * @param timer for waiting
	 * @param onFollow told about each namespace when it is first followed
	 * @param restoration puts back what the store has lost
	 */
	Catalog(RegistryStore store, CatalogProperties properties, Timer timer, Consumer<NamespaceCatalog> onFollow,
			Restoration restoration) {
		this.store = store;
		this.properties = properties;
		this.timer = timer;
		this.onFollow = onFollow;
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
	 * @return the namespace, or nothing
	 */
	public Mono<NamespaceCatalog> lookUp(String namespace) {
		NamespaceCatalog known = this.followed.get(namespace);
		if (known != null && (namespace.equals(DEFAULT_NAMESPACE) || !known.isUntouched())) {
			return Mono.just(known);
		}
		return this.store.namespaces().filter((names) -> names.contains(namespace)).map((names) -> follow(namespace));
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
		this.onFollow.accept(created);
		logger.info("Namespace {} is followed", namespace);
		this.feeds.add(this.store.follow(namespace)
			.subscribe(created::apply, (ex) -> logger.error("The feed of namespace {} ended", namespace, ex)));
		return created;
	}

	private void look(int failures) {
		this.look.update(this.store.namespaces().subscribe((names) -> {
			followAll(names);
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

	@Override
	public void close() {
		this.look.dispose();
		this.feeds.dispose();
	}

}
