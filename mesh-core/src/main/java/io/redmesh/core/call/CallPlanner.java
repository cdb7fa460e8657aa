package io.redmesh.core.call;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the plan of each call out of what this process knows.
 * <p>
 * Safe for use by many threads.
 */
public final class CallPlanner {

	private static final Logger logger = LoggerFactory.getLogger(CallPlanner.class);

	private final EndpointPools pools;

	private final Function<String, CallPolicy> policies;

	private final Time time;

	private final Map<EndpointPool, Destination> destinations = new ConcurrentHashMap<>();

	private final List<CallListener> listeners = new CopyOnWriteArrayList<>();

	/**
	 * Creates a planner.
	 * @param pools the endpoints of all services
	 * @param policies how a service is called, by its name; asked once for each
	 * @param time the clock of all decisions
	 */
	public CallPlanner(EndpointPools pools, Function<String, CallPolicy> policies, Time time) {
		this.pools = pools;
		this.policies = policies;
		this.time = time;
		pools.listenToDropped(this::forget);
	}

	/**
	 * Wants to know which services are called.
	 * @param listener is told at once of those that were called before
	 */
	public void listen(CallListener listener) {
		this.listeners.add(listener);
		this.destinations.keySet().forEach(listener::firstCalled);
	}

	private void forget(EndpointPool pool) {
		if (this.destinations.remove(pool) != null) {
			tell((listener) -> listener.forgotten(pool.service()));
		}
	}

	/**
	 * Plans a call.
	 * @param host the host of its URI, upper or lower case
	 * @param terms what is special about it
	 * @return the plan, or null if the host is no service of the mesh, or one that has
	 * gone, or no instance has the port that is demanded, so that the call passes as it
	 * is
	 */
	public @Nullable CallPlan plan(String host, CallTerms terms) {
		EndpointPool pool = find(host);
		return (pool != null && pool.captures(terms.requirement())) ? plan(pool, terms) : null;
	}

	/**
	 * Plans a call that is for the mesh in any case.
	 * @param service the name of the service, upper or lower case
	 * @param terms what is special about it
	 * @return the plan, or null if no such service was ever heard of
	 */
	public @Nullable CallPlan planService(String service, CallTerms terms) {
		EndpointPool pool = find(service);
		return (pool != null) ? plan(pool, terms) : null;
	}

	private @Nullable EndpointPool find(String name) {
		EndpointPool pool = this.pools.pool(name);
		return (pool != null) ? pool : this.pools.pool(name.toLowerCase(Locale.ROOT));
	}

	private CallPlan plan(EndpointPool pool, CallTerms terms) {
		Destination destination = this.destinations.get(pool);
		if (destination == null) {
			destination = create(pool);
		}
		return new CallPlan(destination, terms, this.time);
	}

	private Destination create(EndpointPool pool) {
		Destination created = new Destination(pool, this.policies.apply(pool.service()), this.time.nanos());
		Destination before = this.destinations.putIfAbsent(pool, created);
		if (before != null) {
			return before;
		}
		tell((listener) -> listener.firstCalled(pool));
		return created;
	}

	// A listener that fails is no reason to fail the call that it is told of.
	private void tell(Consumer<CallListener> news) {
		for (CallListener listener : this.listeners) {
			try {
				news.accept(listener);
			}
			catch (RuntimeException ex) {
				logger.warn("A listener of calls failed", ex);
			}
		}
	}

	/**
	 * Tells how many attempts beyond the first a destination may still make.
	 * @param service its name
	 * @return what is left of its budget; NaN while nobody has called it
	 */
	public double retriesLeft(String service) {
		Destination destination = destination(service);
		return (destination != null) ? destination.budget().left(this.time.nanos()) : Double.NaN;
	}

	/**
	 * Counts the calls of a destination that could not begin.
	 * @param service its name
	 * @param refusal why they could not
	 * @return how many there were
	 */
	public long refused(String service, CallRefusal refusal) {
		Destination destination = destination(service);
		return (destination != null) ? destination.refused(refusal) : 0;
	}

	/**
	 * Counts the calls of a destination that wait until others are over.
	 * @param service its name
	 * @return how many there are
	 */
	public int pending(String service) {
		Destination destination = destination(service);
		return (destination != null) ? destination.limit().pending() : 0;
	}

	private @Nullable Destination destination(String service) {
		EndpointPool pool = this.pools.existing(service);
		return (pool != null) ? this.destinations.get(pool) : null;
	}

}
