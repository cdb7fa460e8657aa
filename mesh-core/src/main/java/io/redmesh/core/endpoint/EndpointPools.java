package io.redmesh.core.endpoint;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

import io.redmesh.core.instance.Locality;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.ServiceSnapshot;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoint pools of the services that this app calls. A service of the catalog gets
 * its pool when it is first asked for, and loses it when it has had no instances for
 * long: what is never called costs nothing, and what has gone leaves nothing behind.
 * <p>
 * Safe for use by many threads.
 */
public final class EndpointPools {

	private static final Logger logger = LoggerFactory.getLogger(EndpointPools.class);

	/** How long the pool of a service without instances is kept. */
	static final Duration KEPT = Duration.ofMinutes(10);

	private final Catalog catalog;

	private final Time time;

	private final Function<String, EjectionPolicy> policy;

	private final Locality own;

	private final Map<String, EndpointPool> pools = new ConcurrentHashMap<>();

	private final List<EndpointListener> listeners = new CopyOnWriteArrayList<>();

	private final List<Consumer<EndpointPool>> dropped = new CopyOnWriteArrayList<>();

	/**
	 * Creates the pools of an app that calls near and far alike, and keeps them in step
	 * with a catalog.
	 * @param catalog the catalog
	 * @param time the clock by which endpoints are ejected and come back
	 * @param policy how they are ejected, by the name of their service
	 */
	public EndpointPools(Catalog catalog, Time time, Function<String, EjectionPolicy> policy) {
		this(catalog, time, policy, Locality.UNKNOWN);
	}

	/**
	 * Creates the pools and keeps them in step with a catalog.
	 * @param catalog the catalog
	 * @param time the clock by which endpoints are ejected and come back
	 * @param policy how they are ejected, by the name of their service
	 * @param own where this app is, so that it calls those that are near
	 */
	public EndpointPools(Catalog catalog, Time time, Function<String, EjectionPolicy> policy, Locality own) {
		this.catalog = catalog;
		this.time = time;
		this.policy = policy;
		this.own = own;
		catalog.listen(this::changed);
	}

	// A pool that is being made either has read the catalog before this change, and is
	// then
	// updated, or has yet to read it: the map lets one happen after the other.
	private void changed(ServiceSnapshot snapshot) {
		this.pools.computeIfPresent(snapshot.service(), (service, pool) -> {
			pool.update(snapshot);
			return pool;
		});
		if (snapshot.instances().isEmpty()) {
			dropEmpty();
		}
	}

	private void dropEmpty() {
		List<EndpointPool> empty = this.pools.values().stream().filter((pool) -> pool.isEmptyFor(KEPT)).toList();
		empty.forEach((pool) -> {
			if (this.pools.remove(pool.service(), pool)) {
				this.dropped.forEach((listener) -> listener.accept(pool));
			}
		});
	}

	private @Nullable EndpointPool create(String service) {
		ServiceSnapshot snapshot = this.catalog.service(service);
		if (snapshot == null) {
			return null;
		}
		EndpointPool pool = new EndpointPool(service, this.time, this.policy.apply(service), this.own, new Everybody());
		pool.update(snapshot);
		return pool;
	}

	/**
	 * Wants to know of endpoints that are ejected and come back.
	 * @param listener is told from now on
	 */
	public void listen(EndpointListener listener) {
		this.listeners.add(listener);
	}

	/**
	 * Wants to know of pools that are dropped, since their services have gone.
	 * @param listener is told from now on, on the thread of the catalog
	 */
	public void listenToDropped(Consumer<EndpointPool> listener) {
		this.dropped.add(listener);
	}

	/**
	 * Returns the pool of a service, which is made if there is none yet.
	 * @param service its name
	 * @return the pool, or null if the catalog has never heard of such a service
	 */
	public @Nullable EndpointPool pool(String service) {
		EndpointPool pool = this.pools.get(service);
		// Most hosts that have no pool are no services, which must not take the lock.
		return (pool != null || this.catalog.service(service) == null) ? pool
				: this.pools.computeIfAbsent(service, this::create);
	}

	/**
	 * Returns the pool of a service if there is one already.
	 * @param service its name
	 * @return the pool, or null if the service was not asked for
	 */
	public @Nullable EndpointPool existing(String service) {
		return this.pools.get(service);
	}

	/**
	 * Returns all pools that there are.
	 * @return a live view, in no particular order
	 */
	public Collection<EndpointPool> all() {
		return Collections.unmodifiableCollection(this.pools.values());
	}

	private final class Everybody implements EndpointListener {

		@Override
		public void ejected(Endpoint endpoint, EjectionCause cause, Duration until) {
			tell((listener) -> listener.ejected(endpoint, cause, until));
		}

		@Override
		public void stillEjected(Endpoint endpoint, EjectionCause cause) {
			tell((listener) -> listener.stillEjected(endpoint, cause));
		}

		@Override
		public void restored(Endpoint endpoint) {
			tell((listener) -> listener.restored(endpoint));
		}

		// A listener that fails is no reason to fail the call that it is told of.
		private void tell(Consumer<EndpointListener> news) {
			for (EndpointListener listener : EndpointPools.this.listeners) {
				try {
					news.accept(listener);
				}
				catch (RuntimeException ex) {
					logger.warn("An endpoint listener failed", ex);
				}
			}
		}

	}

}
