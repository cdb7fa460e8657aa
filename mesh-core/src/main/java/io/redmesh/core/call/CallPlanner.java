package io.redmesh.core.call;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointPools;
import io.redmesh.core.loadbalance.LoadBalancer;
import io.redmesh.core.loadbalance.LoadBalancing;
import io.redmesh.core.time.Time;
import org.jspecify.annotations.Nullable;

/**
 * Makes the plan of each call out of what this process knows.
 * <p>
 * Safe for use by many threads.
 */
public final class CallPlanner {

	private final EndpointPools pools;

	private final LoadBalancing loadBalancing;

	private final RetryPolicy retryPolicy;

	private final Time time;

	// One a service, since a balancer remembers whose turn it is.
	private final Map<EndpointPool, LoadBalancer> loadBalancers = new ConcurrentHashMap<>();

	/**
	 * Creates a planner.
	 * @param pools the endpoints of all services
	 * @param loadBalancing how to pick among them
	 * @param retryPolicy what may be tried again
	 * @param time the clock by which endpoints are avoided
	 */
	public CallPlanner(EndpointPools pools, LoadBalancing loadBalancing, RetryPolicy retryPolicy, Time time) {
		this.pools = pools;
		this.loadBalancing = loadBalancing;
		this.retryPolicy = retryPolicy;
		this.time = time;
	}

	/**
	 * Plans a call.
	 * @param host the host of its URI, upper or lower case
	 * @param idempotent whether doing it twice does no harm
	 * @return the plan, or null if the host is no service of the mesh, so that the call
	 * passes as it is
	 */
	public @Nullable CallPlan plan(String host, boolean idempotent) {
		EndpointPool pool = this.pools.pool(host);
		if (pool == null) {
			pool = this.pools.pool(host.toLowerCase(Locale.ROOT));
		}
		if (pool == null) {
			return null;
		}
		LoadBalancer loadBalancer = this.loadBalancers.get(pool);
		if (loadBalancer == null) {
			loadBalancer = this.loadBalancers.computeIfAbsent(pool,
					(key) -> this.loadBalancing.create(ThreadLocalRandom::current));
		}
		return new CallPlan(pool, loadBalancer, this.retryPolicy, idempotent, this.time);
	}

}
