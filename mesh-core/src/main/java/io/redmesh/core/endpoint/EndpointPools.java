package io.redmesh.core.endpoint;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.redmesh.core.registry.Catalog;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;

/**
 * The endpoint pools of all services that the catalog has heard of.
 * <p>
 * Safe for use by many threads.
 */
public final class EndpointPools {

	private final Map<String, EndpointPool> pools = new ConcurrentHashMap<>();

	/**
	 * Creates the pools and keeps them in step with a catalog.
	 * @param catalog the catalog
	 * @param time the clock by which endpoints are avoided
	 */
	public EndpointPools(Catalog catalog, Time time) {
		catalog.listen((snapshot) -> this.pools
			.computeIfAbsent(snapshot.service(), (service) -> new EndpointPool(service, time))
			.update(snapshot));
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

}
