package io.redmesh.core.loadbalance;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The ways of balancing that can be asked for by name. */
public enum LoadBalancing {

	/** One after another; weights do not count. */
	ROUND_ROBIN,

	/** By chance; weights do not count. */
	RANDOM,

	/** In proportion to the weights, evenly spread. */
	WEIGHTED_ROUND_ROBIN,

	/** By chance, in proportion to the weights. */
	WEIGHTED_RANDOM;

	/**
	 * Creates a balancer for one service.
	 * @param random the source of randomness, asked anew whenever it is needed
	 * @return the balancer
	 */
	public LoadBalancer create(Supplier<? extends RandomGenerator> random) {
		return switch (this) {
			case ROUND_ROBIN -> LoadBalancer.roundRobin(random);
			case RANDOM -> LoadBalancer.random(random);
			case WEIGHTED_ROUND_ROBIN -> LoadBalancer.weightedRoundRobin(random);
			case WEIGHTED_RANDOM -> LoadBalancer.weightedRandom(random);
		};
	}

}
