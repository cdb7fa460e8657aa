package io.redmesh.core.call;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.endpoint.Requirement;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The planner of all calls: it finds the {@link Destination} of a call, which plans it
 * from this process's beliefs.
 * <p>
 * Safe for use by many threads.
 */
public final class CallPlanner {

	private static final Logger logger = LoggerFactory.getLogger(CallPlanner.class);

	private final EndpointPools pools;

	private final Function<String, CallPolicy> policies;

	private final Time time;

	private final Supplier<? extends RandomGenerator> random;

	private final Map<EndpointPool, Destination> destinations = new ConcurrentHashMap<>();

	private final List<CallListener> listeners = new CopyOnWriteArrayList<>();

	/**
	 * Creates a planner.
	 * @param pools the endpoints of all services
	 * @param policies the policy of a service by its name; called once for each service
	 * @param time the clock of all decisions
	 */
	public CallPlanner(EndpointPools pools, Function<String, CallPolicy> policies, Time time) {
		this(pools, policies, time, ThreadLocalRandom::current);
	}

	/**
	 * Creates a planner with a source of randomness, from whose seed calls can be
	 * replayed.
	 * @param pools the endpoints of all services
	 * @param policies the policy of a service by its name; called once for each service
	 * @param time the clock of all decisions
	 * @param random the source of randomness, used anew whenever it is needed
	 */
	public CallPlanner(EndpointPools pools, Function<String, CallPolicy> policies, Time time,
			Supplier<? extends RandomGenerator> random) {
		this.pools = pools;
		this.policies = policies;
		this.time = time;
		this.random = random;
		pools.listenToDropped(this::forget);
	}

	/**
	 * Adds a listener for the services that are called.
	 * @param listener notified at once of the services that were called before
	 */
	public void listen(CallListener listener) {
		this.listeners.add(listener);
		this.destinations.keySet().forEach(listener::firstCalled);
	}

	private void forget(EndpointPool pool) {
		if (this.destinations.remove(pool) != null) {
			notifyListeners((listener) -> listener.forgotten(pool.service()));
		}
	}

	/**
	 * Finds the destination of a call by the host of its URI.
	 * @param host the host, upper or lower case
	 * @param requirement the requirement of the call, or null
	 * @return the destination; null if the call passes unchanged, because the host is not
	 * a service of the mesh, the service is gone, or no instance has the required port
	 */
	public @Nullable Destination destination(String host, @Nullable Requirement requirement) {
		EndpointPool pool = find(host);
		return (pool != null && pool.captures(requirement)) ? destination(pool) : null;
	}

	/**
	 * Finds the destination of a call that is for the mesh in any case.
	 * @param service the name of the service, upper or lower case
	 * @return the destination, or null if the service was never known
	 */
	public @Nullable Destination service(String service) {
		EndpointPool pool = find(service);
		return (pool != null) ? destination(pool) : null;
	}

	private @Nullable EndpointPool find(String name) {
		EndpointPool pool = this.pools.pool(name);
		return (pool != null) ? pool : this.pools.pool(name.toLowerCase(Locale.ROOT));
	}

	private Destination destination(EndpointPool pool) {
		Destination known = this.destinations.get(pool);
		return (known != null) ? known : create(pool);
	}

	private Destination create(EndpointPool pool) {
		Destination created = new Destination(pool, this.policies.apply(pool.service()), this.time, this.random);
		Destination before = this.destinations.putIfAbsent(pool, created);
		if (before != null) {
			return before;
		}
		notifyListeners((listener) -> listener.firstCalled(pool));
		return created;
	}

	// A failing listener must not fail the call that it is notified of.
	private void notifyListeners(Consumer<CallListener> event) {
		for (CallListener listener : this.listeners) {
			try {
				event.accept(listener);
			}
			catch (RuntimeException ex) {
				logger.warn("A call listener failed", ex);
			}
		}
	}

	/**
	 * Returns the retry budget that is left for a destination.
	 * @param service its name
	 * @return the number of retries and hedges; NaN before the first call
	 */
	public double retriesLeft(String service) {
		Destination destination = existing(service);
		return (destination != null) ? destination.budget().left(this.time.nanos()) : Double.NaN;
	}

	/**
	 * Returns the number of refused calls of a destination.
	 * @param service its name
	 * @param refusal the reason of the refusal
	 * @return zero or more
	 */
	public long refused(String service, CallRefusal refusal) {
		Destination destination = existing(service);
		return (destination != null) ? destination.refused(refusal) : 0;
	}

	/**
	 * Returns the number of calls of a destination in the queue for a permit.
	 * @param service its name
	 * @return zero or more
	 */
	public int pending(String service) {
		Destination destination = existing(service);
		return (destination != null) ? destination.limit().pending() : 0;
	}

	private @Nullable Destination existing(String service) {
		EndpointPool pool = this.pools.existing(service);
		return (pool != null) ? this.destinations.get(pool) : null;
	}

}
