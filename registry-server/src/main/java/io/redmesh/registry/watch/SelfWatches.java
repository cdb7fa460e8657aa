package io.redmesh.registry.watch;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

import io.redmesh.registry.catalog.CatalogInstance;
import io.redmesh.registry.catalog.Change;
import io.redmesh.registry.catalog.NamespaceCatalog;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.LeaseTokens;
import io.redmesh.registry.store.RegistryStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances that hold a watch at this server. While its watch is open, this server
 * vouches for an instance that another server suspects. A watch that closes without a
 * deregistration before is a hint that the instance may have died.
 * <p>
 * Safe for use by many threads.
 */
public final class SelfWatches {

	private static final Logger logger = LoggerFactory.getLogger(SelfWatches.class);

	private final RegistryStore store;

	private final Map<Place, Integer> open = new ConcurrentHashMap<>();

	private volatile BiConsumer<String, Incarnation> onClose = (namespace, incarnation) -> {
	};

	SelfWatches(RegistryStore store) {
		this.store = store;
	}

	/**
	 * Sets the listener for registered instances whose last watch here has closed.
	 * @param listener receives namespace and incarnation, on an event loop, must be quick
	 */
	public void onClose(BiConsumer<String, Incarnation> listener) {
		this.onClose = listener;
	}

	void opened(String namespace, WatcherIdentity identity) {
		this.open.merge(new Place(namespace, identity), 1, Integer::sum);
	}

	/**
	 * Notes that a watch has closed.
	 * @param namespace the watched namespace
	 * @param identity the instance that watched
	 * @param byItself false if this server has closed it
	 */
	void closed(NamespaceCatalog namespace, WatcherIdentity identity, boolean byItself) {
		Integer left = this.open.computeIfPresent(new Place(namespace.name(), identity),
				(place, count) -> (count > 1) ? count - 1 : null);
		CatalogInstance instance = registered(namespace, identity);
		if (left == null && byItself && instance != null) {
			this.onClose.accept(namespace.name(), Incarnation.of(instance.stored()));
		}
	}

	/**
	 * Vouches for suspects of a namespace from now on.
	 * @param namespace the namespace
	 */
	void vouchIn(NamespaceCatalog namespace) {
		namespace.onSuspect((change) -> vouch(namespace, change));
	}

	private void vouch(NamespaceCatalog namespace, Change change) {
		CatalogInstance instance = namespace.instance(change.service(), change.id());
		if (instance == null || !instance.instance().suspect() || !isHeld(namespace.name(), instance)) {
			return;
		}
		Incarnation incarnation = Incarnation.of(instance.stored());
		this.store.clear(namespace.name(), incarnation).subscribe((cleared) -> {
			if (cleared) {
				logger.info("{} in {} is cleared as a suspect: its watch is open here", incarnation, namespace.name());
			}
		}, (failure) -> logger.debug("Could not vouch for {}", incarnation, failure));
	}

	private boolean isHeld(String namespace, CatalogInstance instance) {
		String secret = LeaseTokens.secretOf(instance.stored().token());
		WatcherIdentity identity = new WatcherIdentity(instance.instance().service(), instance.instance().id(), secret);
		return this.open.containsKey(new Place(namespace, identity));
	}

	private static @Nullable CatalogInstance registered(NamespaceCatalog namespace, WatcherIdentity identity) {
		CatalogInstance instance = namespace.instance(identity.service(), identity.id());
		return (instance != null && identity.is(instance.stored())) ? instance : null;
	}

	private record Place(String namespace, WatcherIdentity identity) {

	}

}
