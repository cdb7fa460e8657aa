package io.redmesh.core.loadbalance;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The ways of balancing that can be asked for by name. */
public enum LoadBalancing {

	/**
	 * The one that is expected to answer soonest, by its latency, its failures, the calls
	 * under way and its weight.
	 */
	ADAPTIVE,

	/** One after another; weights do not count. */
	ROUND_ROBIN,

	/** By chance; weights do not count. */
	RANDOM,

	/** In proportion to the weights, evenly spread. */
	WEIGHTED_ROUND_ROBIN,

	/** By chance, in proportion to the weights. */
	WEIGHTED_RANDOM,

	/** The less busy one of two, in proportion to the weights. */
	LEAST_REQUEST,

	/** Calls that belong together to the same endpoint, by Maglev's table. */
	CONSISTENT_HASH,

	/** Calls that belong together to the same endpoint, by a ring: fewer ever move. */
	RING_HASH;

	/**
	 * Tells whether calls that belong together go to the same endpoint, however far away
	 * it is.
	 * @return whether the key of a call counts
	 */
	public boolean keepsTogether() {
		return this == CONSISTENT_HASH || this == RING_HASH;
	}

	/**
	 * Creates a balancer for one service.
	 * @param random the source of randomness, asked anew whenever it is needed
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
