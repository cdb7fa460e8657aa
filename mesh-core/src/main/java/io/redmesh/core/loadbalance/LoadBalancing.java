package io.redmesh.core.loadbalance;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The load balancing algorithms that can be chosen by name. */
public enum LoadBalancing {

	/**
	 * The endpoint with the least expected time to respond, by its latency, its failures,
	 * its calls in flight and its weight.
	 */
	ADAPTIVE,

	/** Endpoints in turn; weights do not count. */
	ROUND_ROBIN,

	/** Random endpoints; weights do not count. */
	RANDOM,

	/** Endpoints in turn, in proportion to the weights, evenly spread. */
	WEIGHTED_ROUND_ROBIN,

	/** Random endpoints, in proportion to the weights. */
	WEIGHTED_RANDOM,

	/** The less busy of two endpoints, in proportion to the weights. */
	LEAST_REQUEST,

	/** The same endpoint for calls with equal hash keys, by Maglev's table. */
	CONSISTENT_HASH,

	/**
	 * The same endpoint for calls with equal hash keys, by a ring: fewer keys ever move.
	 */
	RING_HASH;

	/**
	 * Returns whether calls with equal hash keys go to the same endpoint, however far
	 * away it is.
	 * @return whether the hash key of a call counts
	 */
	public boolean keepsTogether() {
		return this == CONSISTENT_HASH || this == RING_HASH;
	}

	/**
	 * Creates a balancer for one service.
	 * @param random the source of randomness, used anew whenever it is needed
	 * @return the balancer
	 */
	public LoadBalancer create(Supplier<? extends RandomGenerator> random) {
		return switch (this) {
			case ADAPTIVE -> LoadBalancer.adaptive(random);
			case ROUND_ROBIN -> LoadBalancer.roundRobin(random);
			case RANDOM -> LoadBalancer.random(random);
			case WEIGHTED_ROUND_ROBIN -> LoadBalancer.weightedRoundRobin(random);
			case WEIGHTED_RANDOM -> LoadBalancer.weightedRandom(random);
			case LEAST_REQUEST -> LoadBalancer.leastRequest(random);
			case CONSISTENT_HASH -> LoadBalancer.consistentHash(LoadBalancer.DEFAULT_BALANCE_FACTOR);
			case RING_HASH -> LoadBalancer.ringHash(LoadBalancer.DEFAULT_BALANCE_FACTOR);
		};
	}

}
