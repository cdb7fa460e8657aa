package io.redmesh.core.endpoint;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.redmesh.core.instance.Locality;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.ServiceSnapshot;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoint pools of the services that this app calls. A service of the catalog gets
 * its pool on first use, and loses it after at least ten minutes without instances. So a
 * service that is never called costs nothing, and one that is gone leaves nothing behind.
 * <p>
 * Safe for use by many threads.
 */
public final class EndpointPools {

	private static final Logger logger = LoggerFactory.getLogger(EndpointPools.class);

	/** The time for which the pool of a service without instances is kept. */
	static final Duration KEPT = Duration.ofMinutes(10);

	private final Catalog catalog;

	private final Time time;

	private final Function<String, EjectionPolicy> policy;

	private final Locality own;

	private final Supplier<? extends RandomGenerator> random;

	private final Map<String, EndpointPool> pools = new ConcurrentHashMap<>();

	private final List<EndpointListener> listeners = new CopyOnWriteArrayList<>();

	private final List<Consumer<EndpointPool>> dropped = new CopyOnWriteArrayList<>();

	/**
	 * Creates the pools of an app without a locality, and keeps them in step with a
	 * catalog. It treats all instances as equally near.
	 * @param catalog the catalog
	 * @param time the clock of ejections
	 * @param policy the ejection policy by the name of a service, asked for when its pool
	 * is created and by {@link #refreshPolicies()}
	 */
	public EndpointPools(Catalog catalog, Time time, Function<String, EjectionPolicy> policy) {
		this(catalog, time, policy, Locality.UNKNOWN);
	}

	/**
	 * Creates the pools and keeps them in step with a catalog.
	 * @param catalog the catalog
	 * @param time the clock of ejections
	 * @param policy the ejection policy by the name of a service
	 * @param own the locality of this app, so that it calls near instances
	 */
	public EndpointPools(Catalog catalog, Time time, Function<String, EjectionPolicy> policy, Locality own) {
		this(catalog, time, policy, own, ThreadLocalRandom::current);
	}

	/**
	 * Creates the pools with a source of randomness, from whose seed calls can be
	 * replayed.
	 * @param catalog the catalog
	 * @param time the clock of ejections
	 * @param policy the ejection policy by the name of a service
	 * @param own the locality of this app, so that it calls near instances
	 * @param random the source of randomness, used anew whenever it is needed
	 */
	public EndpointPools(Catalog catalog, Time time, Function<String, EjectionPolicy> policy, Locality own,
			Supplier<? extends RandomGenerator> random) {
		this.catalog = catalog;
		this.time = time;
		this.policy = policy;
		this.own = own;
		this.random = random;
		catalog.listen(this::changed);
	}

	// A pool in creation has either read the catalog before this change, and is updated,
	// or reads it later: the map orders the two.
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
		EndpointPool pool = new EndpointPool(service, this.time, this.policy.apply(service), this.own, this.random,
				new AllListeners());
		pool.update(snapshot);
		return pool;
	}

	/**
	 * Creates a pool without endpoints, for calls to a service that the catalog has never
	 * known. It never changes and is not kept.
	 * @param service the name of the service
	 * @return the pool
	 */
	public EndpointPool none(String service) {
		return new EndpointPool(service, this.time, this.policy.apply(service), this.own, this.random,
				new AllListeners());
	}

	/**
	 * Adds a listener for endpoints that are ejected and restored.
	 * @param listener called from now on
	 */
	public void listen(EndpointListener listener) {
		this.listeners.add(listener);
	}

	/**
	 * Adds a listener for pools that are dropped because their services are gone.
	 * @param listener called from now on, on the thread of the catalog
	 */
	public void listenToDropped(Consumer<EndpointPool> listener) {
		this.dropped.add(listener);
	}

	/**
	 * Returns the pool of a service, and creates it on first use.
	 * @param service its name
	 * @return the pool, or null if the catalog has never known the service
	 */
	public @Nullable EndpointPool pool(String service) {
		EndpointPool pool = this.pools.get(service);
		// Most hosts without a pool are not services, and must not take the lock.
		return (pool != null || this.catalog.service(service) == null) ? pool : created(service);
	}

	private @Nullable EndpointPool created(String service) {
		EndpointPool pool = this.pools.computeIfAbsent(service, this::create);
		if (pool != null) {
			// A refresh during the creation has not seen the pool.
			pool.replacePolicy(this.policy.apply(service));
		}
		return pool;
	}

	/**
	 * Asks anew for the ejection policies of all services. A policy that has changed is
	 * in force at once; what is believed about the endpoints stays.
	 */
	public void refreshPolicies() {
		this.pools.values().forEach((pool) -> pool.replacePolicy(this.policy.apply(pool.service())));
	}

	/**
	 * Returns the pool of a service if it exists.
	 * @param service its name
	 * @return the pool, or null if no caller has asked for it
	 */
	public @Nullable EndpointPool existing(String service) {
		return this.pools.get(service);
	}

	/**
	 * Returns all existing pools.
	 * @return a live view, in no particular order
	 */
	public Collection<EndpointPool> all() {
		return Collections.unmodifiableCollection(this.pools.values());
	}

	/** The listener of all pools, which passes events on to the registered listeners. */
	private final class AllListeners implements EndpointListener {

		@Override
		public void ejected(Endpoint endpoint, EjectionCause cause, Duration until) {
			notifyListeners((listener) -> listener.ejected(endpoint, cause, until));
		}

		@Override
		public void stillEjected(Endpoint endpoint, EjectionCause cause) {
			notifyListeners((listener) -> listener.stillEjected(endpoint, cause));
		}

		@Override
		public void restored(Endpoint endpoint) {
			notifyListeners((listener) -> listener.restored(endpoint));
		}

		// A failing listener must not fail the call that it is notified of.
		private void notifyListeners(Consumer<EndpointListener> event) {
			for (EndpointListener listener : EndpointPools.this.listeners) {
				try {
					event.accept(listener);
				}
				catch (RuntimeException ex) {
					logger.warn("An endpoint listener failed", ex);
				}
			}
		}

	}

}
