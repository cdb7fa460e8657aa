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
 * The instances that watch at this server. While its watch is open an instance is vouched
 * for when another server doubts it; a watch that closes, without a deregistration
 * before, is a hint that it may have died.
 * <p>
 * Safe for use by many threads.
 */
public final class SelfWatches {

	private static final Logger logger = LoggerFactory.getLogger(SelfWatches.class);

	private final RegistryStore store;

	private final Map<Place, Integer> open = new ConcurrentHashMap<>();

	private volatile BiConsumer<String, Incarnation> onClose = (namespace, who) -> {
	};

	SelfWatches(RegistryStore store) {
		this.store = store;
	}

	/**
	 * Wants to know of instances whose last watch here has closed though they are still
	 * registered.
	 * @param listener told namespace and incarnation, on an event loop, must be quick
	 */
	public void onClose(BiConsumer<String, Incarnation> listener) {
		this.onClose = listener;
	}

	void opened(String namespace, WatcherIdentity who) {
		this.open.merge(new Place(namespace, who), 1, Integer::sum);
	}

	/**
	 * Notes that a watch has closed.
	 * @param namespace where
	 * @param who whose
	 * @param byItself false when this server has closed it
	 */
	void closed(NamespaceCatalog namespace, WatcherIdentity who, boolean byItself) {
		Integer left = this.open.computeIfPresent(new Place(namespace.name(), who),
				(place, count) -> (count > 1) ? count - 1 : null);
		CatalogInstance instance = registered(namespace, who);
		if (left == null && byItself && instance != null) {
			this.onClose.accept(namespace.name(), Incarnation.of(instance.stored()));
		}
	}

	/**
	 * Looks after what is doubted in a namespace, from now on.
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
		Incarnation who = Incarnation.of(instance.stored());
		this.store.clear(namespace.name(), who).subscribe((cleared) -> {
			if (cleared) {
				logger.info("{} in {} is not suspect: it watches here", who, namespace.name());
			}
		}, (failure) -> logger.debug("Could not vouch for {}", who, failure));
	}

	private boolean isHeld(String namespace, CatalogInstance instance) {
		String secret = LeaseTokens.secretOf(instance.stored().token());
		WatcherIdentity who = new WatcherIdentity(instance.instance().service(), instance.instance().id(), secret);
		return this.open.containsKey(new Place(namespace, who));
	}

	private static @Nullable CatalogInstance registered(NamespaceCatalog namespace, WatcherIdentity who) {
		CatalogInstance instance = namespace.instance(who.service(), who.id());
		return (instance != null && who.is(instance.stored())) ? instance : null;
	}

	private record Place(String namespace, WatcherIdentity who) {

	}

}
