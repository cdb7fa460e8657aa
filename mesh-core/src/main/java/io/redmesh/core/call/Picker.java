package io.redmesh.core.call;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.endpoint.EndpointPool;
import io.redmesh.core.endpoint.EndpointView;
import io.redmesh.core.endpoint.Requirement;
import io.redmesh.core.endpoint.Tier;
import io.redmesh.core.instance.Status;
import io.redmesh.core.loadbalance.KeyHash;
import io.redmesh.core.loadbalance.LoadBalancer;
import io.redmesh.core.loadbalance.LoadBalancing;
import org.jspecify.annotations.Nullable;

/**
 * The picker among the endpoints of a service that meet one requirement. Balancers keep
 * what they have computed for a list of endpoints, so each requirement has a picker.
 * <p>
 * Safe for use by many threads.
 */
final class Picker {

	private final EndpointPool pool;

	private final @Nullable Requirement requirement;

	private final LoadBalancing loadBalancing;

	private final Supplier<? extends RandomGenerator> random;

	// One for each tier. The first also serves hash keys, which ignore tiers.
	private final LoadBalancer[] loadBalancers = new LoadBalancer[Tier.MAX];

	// For further attempts, whose lists are made for them.
	private final LoadBalancer forRetries;

	Picker(EndpointPool pool, @Nullable Requirement requirement, LoadBalancing loadBalancing,
			Supplier<? extends RandomGenerator> random) {
		this.pool = pool;
		this.requirement = requirement;
		this.loadBalancing = loadBalancing;
		this.random = random;
		Arrays.setAll(this.loadBalancers, (distance) -> loadBalancing.create(random));
		// A hash algorithm serves such a list with the table that it has.
		this.forRetries = loadBalancing.keepsTogether() ? this.loadBalancers[0] : loadBalancing.create(random);
	}

	/** Returns the requirement that the endpoints meet, or null. */
	@Nullable Requirement requirement() {
		return this.requirement;
	}

	/** Returns the view of the endpoints that meet the requirement. */
	EndpointView view() {
		return this.pool.view(this.requirement);
	}

	/**
	 * Picks the endpoint of a first attempt.
	 * @param nanos the monotonic time now
	 * @param key the hash key of the call, or a random number
	 * @return the endpoint, or null if no endpoint can be called
	 */
	@Nullable Endpoint pick(long nanos, long key) {
		if (this.loadBalancing.keepsTogether()) {
			return this.loadBalancers[0].pick(view().candidates(), nanos, key);
		}
		Tier tier = view().tier(nanos);
		return this.loadBalancers[tier.distance()].pick(tier.endpoints(), nanos, key);
	}

	/**
	 * Picks like {@link #pick}, without any effect on later picks.
	 * @param nanos the monotonic time now
	 * @param key the hash key of the call, or a random number
	 * @return the endpoint, or null if no endpoint can be called
	 */
	@Nullable Endpoint preview(long nanos, long key) {
		if (this.loadBalancing.keepsTogether()) {
			return pick(nanos, key);
		}
		List<Endpoint> endpoints = view().nextTier(nanos).endpoints();
		return this.loadBalancing.create(this.random).pick(endpoints, nanos, key);
	}

	/**
	 * Finds a candidate by its id.
	 * @param hash the hash of the id
	 * @return the endpoint, or null if no candidate has such an id
	 */
	@Nullable Endpoint candidate(long hash) {
		for (Endpoint endpoint : view().candidates()) {
			if (KeyHash.of(endpoint.instance().id()) == hash) {
				return endpoint;
			}
		}
		return null;
	}

	/**
	 * Picks the endpoint of a further attempt, among those that the call has not tried
	 * yet. Ejected endpoints are still better than giving up.
	 * @param tried the endpoints that the call has tried
	 * @param nanos the monotonic time now
	 * @param key the hash key of the call, or a random number
	 * @return the endpoint, or null if the call has tried all
	 */
	@Nullable Endpoint pickOther(List<Endpoint> tried, long nanos, long key) {
		Endpoint other = this.forRetries.pickOnce(without(tried, view().candidates().stream()), nanos, key);
		if (other != null) {
			return other;
		}
		Stream<Endpoint> up = this.pool.all().stream().filter(this::isUp);
		return this.forRetries.pickOnce(without(tried, up), nanos, key);
	}

	private boolean isUp(Endpoint endpoint) {
		return endpoint.instance().status() == Status.UP && endpoint.instance().port() > 0
				&& (this.requirement == null || this.requirement.isMetBy(endpoint.instance()));
	}

	private static List<Endpoint> without(List<Endpoint> tried, Stream<Endpoint> all) {
		return all.filter((endpoint) -> !tried.contains(endpoint)).toList();
	}

	/**
	 * Picks the endpoint of a further attempt.
	 * @param tried the endpoints that the call has tried
	 * @param allowTried whether an endpoint that was tried is better than none. A healthy
	 * instance may have closed a kept-alive connection in that very moment, and an
	 * instance that sent {@code Retry-After} can serve after that time.
	 * @param nanos the monotonic time now
	 * @param key the hash key of the call, or a random number
	 * @return the endpoint, or null if there is none
	 */
	@Nullable Endpoint pickAfter(List<Endpoint> tried, boolean allowTried, long nanos, long key) {
		Endpoint other = pickOther(tried, nanos, key);
		return (other == null && allowTried) ? this.forRetries.pick(view().candidates(), nanos, key) : other;
	}

}
