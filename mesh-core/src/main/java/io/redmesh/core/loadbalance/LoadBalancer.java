package io.redmesh.core.loadbalance;

import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.redmesh.core.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Picks one endpoint out of several. One balancer serves one service.
 * <p>
 * Safe for use by many threads; takes no lock.
 */
@FunctionalInterface
public interface LoadBalancer {

	/**
	 * Picks an endpoint.
	 * @param candidates an immutable list; passing the same object again lets the
	 * balancer keep what it has computed for it
	 * @return one of them, or null if there are none
	 */
	@Nullable Endpoint pick(List<Endpoint> candidates);

	/**
	 * One after another, whatever their weights, from a random beginning so that many
	 * processes do not start with the same one.
	 * @param random the source of the beginning
	 * @return the balancer
	 */
	static LoadBalancer roundRobin(Supplier<? extends RandomGenerator> random) {
		return new RoundRobin(random.get().nextInt());
	}

	/**
	 * Each with the same probability, whatever their weights.
	 * @param random the source of randomness, asked anew for each pick
	 * @return the balancer
	 */
	static LoadBalancer random(Supplier<? extends RandomGenerator> random) {
		return new UniformRandom(random);
	}

	/**
	 * In proportion to their weights and evenly spread: the static stride scheduler of
	 * gRFC A58.
	 * @param random the source of the beginning
	 * @return the balancer
	 */
	static LoadBalancer weightedRoundRobin(Supplier<? extends RandomGenerator> random) {
		return new WeightedRoundRobin(random.get().nextInt(1 << 16));
	}

	/**
	 * Each with probability <code>P(x) = w_x / &Sigma;w</code>; when all weights are
	 * zero, each with the same.
	 * @param random the source of randomness, asked anew for each pick
	 * @return the balancer
	 */
	static LoadBalancer weightedRandom(Supplier<? extends RandomGenerator> random) {
		return new WeightedRandom(random);
	}

}
