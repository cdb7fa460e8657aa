package io.redmesh.core.endpoint;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.redmesh.core.instance.Instance;
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

	private volatile Consumer<Instance> onUnreachable = (instance) -> {
	};

	/**
	 * Creates the pools and keeps them in step with a catalog.
	 * @param catalog the catalog
	 * @param time the clock by which endpoints are avoided
	 */
	public EndpointPools(Catalog catalog, Time time) {
		catalog.listen(
				(snapshot) -> this.pools
					.computeIfAbsent(snapshot.service(),
							(service) -> new EndpointPool(service, time,
									(instance) -> this.onUnreachable.accept(instance)))
					.update(snapshot));
	}

	/**
	 * Wants to know of instances to which no connection could be made, each time that one
	 * begins to be avoided.
	 * @param listener called on the thread of a call, must not hold it up
	 */
	public void onUnreachable(Consumer<Instance> listener) {
		this.onUnreachable = listener;
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
