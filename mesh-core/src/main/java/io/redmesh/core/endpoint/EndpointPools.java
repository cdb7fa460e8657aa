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
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoint pools of all services that the catalog has heard of.
 * <p>
 * Safe for use by many threads.
 */
public final class EndpointPools {

	private static final Logger logger = LoggerFactory.getLogger(EndpointPools.class);

	private final Map<String, EndpointPool> pools = new ConcurrentHashMap<>();

	private final List<EndpointListener> listeners = new CopyOnWriteArrayList<>();

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
		catalog.listen((snapshot) -> this.pools
			.computeIfAbsent(snapshot.service(),
					(service) -> new EndpointPool(service, time, policy.apply(service), own, new Everybody()))
			.update(snapshot));
	}

	/**
	 * Wants to know of endpoints that are ejected and come back.
	 * @param listener is told from now on
	 */
	public void listen(EndpointListener listener) {
		this.listeners.add(listener);
	}

	/**
	 * Returns the pool of a service.
	 * @param service its name
	 * @return the pool, or null if nobody ever registered such a service
	 */
	public @Nullable EndpointPool pool(String service) {
		return this.pools.get(service);
	}

	/**
	 * Returns all pools.
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
