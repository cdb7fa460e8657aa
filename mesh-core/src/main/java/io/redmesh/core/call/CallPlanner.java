package io.redmesh.core.call;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.endpoint.Requirement;
import io.redmesh.core.loadbalance.KeyHash;
import io.redmesh.core.time.Time;
import io.redmesh.core.traffic.DestinationKey;
import io.redmesh.core.traffic.Forward;
import io.redmesh.core.traffic.HashKey;
import io.redmesh.core.traffic.HostRoutes;
import io.redmesh.core.traffic.LoadBalancerRule;
import io.redmesh.core.traffic.RequestFacts;
import io.redmesh.core.traffic.Route;
import io.redmesh.core.traffic.RouteDestination;
import io.redmesh.core.traffic.RouteTable;
import io.redmesh.core.traffic.TrafficPolicy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The planner of all calls: it finds the {@link Destination} of a call, by the traffic
 * rules or by its host. The destination plans the call from this process's beliefs.
 * <p>
 * Safe for use by many threads.
 */
public final class CallPlanner {

	private static final Logger logger = LoggerFactory.getLogger(CallPlanner.class);

	private final EndpointPools pools;

	private final Function<DestinationKey, CallPolicy> policies;

	private final Time time;

	private final Supplier<? extends RandomGenerator> random;

	private final Supplier<RouteTable> rules;

	private final Map<DestinationKey, Destination> destinations = new ConcurrentHashMap<>();

	private final Set<EndpointPool> called = ConcurrentHashMap.newKeySet();

	private final List<CallListener> listeners = new CopyOnWriteArrayList<>();

	/**
	 * Creates a planner without traffic rules.
	 * @param pools the endpoints of all services
	 * @param policies the policy of a destination, asked for when it is first called and
	 * by {@link #refreshPolicies()}
	 * @param time the clock of all decisions
	 */
	public CallPlanner(EndpointPools pools, Function<DestinationKey, CallPolicy> policies, Time time) {
		this(pools, policies, time, ThreadLocalRandom::current, () -> RouteTable.EMPTY);
	}

	/**
	 * Creates a planner.
	 * @param pools the endpoints of all services
	 * @param policies the policy of a destination as the app has configured it, asked for
	 * when it is first called and by {@link #refreshPolicies()}
	 * @param time the clock of all decisions
	 * @param random the source of randomness, used anew whenever it is needed; calls can
	 * be replayed from its seed
	 * @param rules the traffic rules in force, asked for by each call
	 */
	public CallPlanner(EndpointPools pools, Function<DestinationKey, CallPolicy> policies, Time time,
			Supplier<? extends RandomGenerator> random, Supplier<RouteTable> rules) {
		this.pools = pools;
		this.policies = policies;
		this.time = time;
		this.random = random;
		this.rules = rules;
		pools.listenToDropped(this::forget);
	}

	/**
	 * Adds a listener for the services that are called.
	 * @param listener notified at once of the services that were called before
	 */
	public void listen(CallListener listener) {
		this.listeners.add(listener);
		this.called.forEach(listener::firstCalled);
	}

	private void forget(EndpointPool pool) {
		if (this.called.remove(pool)) {
			this.destinations.values().removeIf((destination) -> destination.pool() == pool);
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

	/**
	 * Finds a destination by its key.
	 * @param key service and subset
	 * @return the destination, or null if the service was never known
	 */
	public @Nullable Destination destination(DestinationKey key) {
		EndpointPool pool = this.pools.pool(key.service());
		return (pool != null) ? destination(key, pool) : null;
	}

	/**
	 * Returns the routes that traffic rules give a host.
	 * @param host the host, upper or lower case
	 * @return the routes, or null if no rule concerns the host, as nearly always
	 */
	public @Nullable HostRoutes routes(String host) {
		return this.rules.get().host(host);
	}

	/**
	 * Returns whether calls to a host depend on more than the host: whether a rule gives
	 * it routes or a hash key.
	 * @param host the host, upper or lower case
	 * @return whether they do
	 */
	public boolean readsRequests(String host) {
		RouteTable table = this.rules.get();
		if (table == RouteTable.EMPTY || table.host(host) != null) {
			return table != RouteTable.EMPTY;
		}
		TrafficPolicy policy = table.policy(new DestinationKey(host.toLowerCase(Locale.ROOT), ""));
		LoadBalancerRule balancer = (policy != null) ? policy.loadBalancer() : null;
		return balancer != null && balancer.hashKey() != null;
	}

	/**
	 * Decides on a call by the routes of its host. The host needs no instances of its
	 * own.
	 * @param host the host that the request asks for, upper or lower case
	 * @param routes the routes of the host
	 * @param requirement the requirement in the URI of the request, or null
	 * @param request the request
	 * @return the decision; null if the call passes unchanged, because it names a port
	 * that no instance of the host's service has
	 */
	public @Nullable Routing route(String host, HostRoutes routes, @Nullable Requirement requirement,
			RequestFacts request) {
		EndpointPool own = find(host);
		if (own != null && !own.all().isEmpty() && !own.captures(requirement)) {
			return null;
		}
		Route route = routes.route(request);
		Forward forward = (route != null) ? route.forward() : null;
		if (forward == null) {
			Destination none = (own != null) ? destination(own) : unknown(new DestinationKey(host, ""));
			return new Routing(host, request, none, requirement, route, null);
		}
		RouteDestination target = target(forward, request);
		EndpointPool pool = this.pools.pool(target.key().service());
		Destination destination = (pool != null) ? destination(target.key(), pool) : unknown(target.key());
		return new Routing(host, request, destination, (pool == own) ? requirement : withoutPort(requirement), route,
				target);
	}

	private RouteDestination target(Forward forward, RequestFacts request) {
		HashKey cohort = forward.cohort();
		String value = (cohort != null) ? cohort.read(request) : null;
		return (value != null) ? forward.stickyDestination(KeyHash.of(value))
				: forward.destination(this.random.get().nextLong());
	}

	// The port is that of the host that was asked for, and TLS a demand in any case.
	private static @Nullable Requirement withoutPort(@Nullable Requirement requirement) {
		return (requirement != null && requirement.secure()) ? Requirement.SECURE : null;
	}

	/** Returns a destination without instances, so that its calls say what they lack. */
	private Destination unknown(DestinationKey key) {
		EndpointPool none = this.pools.none(key.service());
		return new Destination(key, none, policy(key, none), this.time, this.random);
	}

	private CallPolicy policy(DestinationKey key, EndpointPool pool) {
		return TrafficPolicies.calls(this.policies.apply(key), pool.policy(), this.rules.get(), key);
	}

	private @Nullable EndpointPool find(String name) {
		EndpointPool pool = this.pools.pool(name);
		return (pool != null) ? pool : this.pools.pool(name.toLowerCase(Locale.ROOT));
	}

	private Destination destination(EndpointPool pool) {
		return destination(pool.key(), pool);
	}

	private Destination destination(DestinationKey key, EndpointPool pool) {
		Destination known = this.destinations.get(key);
		// A service that was forgotten and comes back has another pool.
		return (known != null && known.pool() == pool) ? known : create(key, pool);
	}

	private Destination create(DestinationKey key, EndpointPool pool) {
		Destination created = new Destination(key, pool, policy(key, pool), this.time, this.random);
		Destination kept = this.destinations.compute(key,
				(same, known) -> (known != null && known.pool() == pool) ? known : created);
		if (kept == created) {
			// A refresh during the creation has not seen the destination.
			created.replacePolicy(policy(key, pool));
			if (this.called.add(pool)) {
				notifyListeners((listener) -> listener.firstCalled(pool));
			}
		}
		return kept;
	}

	/**
	 * Asks anew for the policies of all destinations that were called. A policy that has
	 * changed is in force at once, for calls that begin from now on. Subsets that no rule
	 * defines any more are forgotten.
	 */
	public void refreshPolicies() {
		RouteTable table = this.rules.get();
		this.destinations.keySet().removeIf((key) -> table.subset(key) == null);
		this.destinations.values()
			.forEach((destination) -> destination.replacePolicy(policy(destination.key(), destination.pool())));
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
	 * Returns the retry budget that is left for a service.
	 * @param service its name
	 * @return the number of retries and hedges, of the subset that has the fewest left;
	 * NaN before the first call
	 */
	public double retriesLeft(String service) {
		return destinations(service).mapToDouble(Destination::retriesLeft).min().orElse(Double.NaN);
	}

	/**
	 * Returns the number of refused calls of a service.
	 * @param service its name
	 * @param refusal the reason of the refusal
	 * @return zero or more
	 */
	public long refused(String service, CallRefusal refusal) {
		return destinations(service).mapToLong((destination) -> destination.refused(refusal)).sum();
	}

	/**
	 * Returns the number of calls of a service in the queue for a permit.
	 * @param service its name
	 * @return zero or more
	 */
	public int pending(String service) {
		return destinations(service).mapToInt((destination) -> destination.limit().pending()).sum();
	}

	private Stream<Destination> destinations(String service) {
		return this.destinations.values().stream().filter((destination) -> destination.service().equals(service));
	}

}
