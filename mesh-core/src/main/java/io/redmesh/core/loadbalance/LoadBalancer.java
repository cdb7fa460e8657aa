package io.redmesh.core.loadbalance;

import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.redmesh.core.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Picks one endpoint out of several. One balancer serves one service. All but those that
 * keep calls together and the one that picks by chance alone give less to endpoints that
 * start slowly, as {@link Endpoint#warmth(long)} says.
 * <p>
 * Safe for use by many threads; a pick takes no lock and allocates nothing, but for the
 * first one out of a list.
 */
@FunctionalInterface
public interface LoadBalancer {

	/**
	 * How many times its share an endpoint may carry before its keys go to others, unless
	 * something else is asked for.
	 */
	double DEFAULT_BALANCE_FACTOR = 1.25;

	/**
	 * Picks an endpoint.
	 * @param candidates an immutable list; passing the same object again lets the
	 * balancer keep what it has computed for it
	 * @param nanos the monotonic time now
	 * @param key what calls that belong together have in common, as {@link KeyHash} mixes
	 * it; chance for a call that belongs to no other
	 * @return one of them, or null if there are none
	 */
	@Nullable Endpoint pick(List<Endpoint> candidates, long nanos, long key);

	/**
	 * Picks an endpoint out of a list that was made for this pick and does not come
	 * again, so that keeping anything for it is in vain.
	 * @param candidates an immutable list
	 * @param nanos the monotonic time now
	 * @param key as for {@link #pick}
	 * @return one of them, or null if there are none
	 */
	default @Nullable Endpoint pickOnce(List<Endpoint> candidates, long nanos, long key) {
		return pick(candidates, nanos, key);
	}

	/**
	 * The one that is expected to answer soonest: peak EWMA of its latency &times; (calls
	 * under way + 1) / weight (Finagle's {@code PeakEwma}), and a penalty for failures.
	 * @param random the source of randomness, asked anew for each pick
	 * @return the balancer
	 */
	static LoadBalancer adaptive(Supplier<? extends RandomGenerator> random) {
		return new Adaptive(random);
	}

	/**
	 * One after another, whatever their weights, from a random beginning so that many
	 * processes do not start with the same one. Those that start slowly are often passed
	 * over.
	 * @param random the source of the beginning, and of who is passed over
	 * @return the balancer
	 */
	static LoadBalancer roundRobin(Supplier<? extends RandomGenerator> random) {
		return new RoundRobin(random.get().nextInt(), random);
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
	 * @param random the source of the beginning, and of who is passed over
	 * @return the balancer
	 */
	static LoadBalancer weightedRoundRobin(Supplier<? extends RandomGenerator> random) {
		return new WeightedRoundRobin(random.get().nextInt(1 << 16), random);
	}

	/**
	 * Each with probability <code>P(x) = w_x / &Sigma;w</code>; when all weights are
	 * zero, each with the same. Takes the same time whatever the number of endpoints: the
	 * alias method of Vose (1991).
	 * @param random the source of randomness, asked anew for each pick
	 * @return the balancer
	 */
	static LoadBalancer weightedRandom(Supplier<? extends RandomGenerator> random) {
		return new WeightedRandom(random);
	}

	/**
	 * The less busy one of two: the power of two choices (Mitzenmacher, 2001), counting
	 * the calls that this process has in flight. Of the two, one is drawn by weight; the
	 * other gets the call if it carries less for its weight and has no lower
	 * <code>weight / (in flight + 1)</code>, which is Envoy's least request with an
	 * active request bias of 1. An endpoint of zero weight gets nothing while another has
	 * more; when all weights are zero they are equal.
	 * @param random the source of randomness, asked anew for each pick
	 * @return the balancer
	 */
	static LoadBalancer leastRequest(Supplier<? extends RandomGenerator> random) {
		return new LeastRequest(random);
	}

	/**
	 * The same endpoint for the same key, in every process and in proportion to the
	 * weights: Maglev (NSDI 2016, section 3.4), with 262,147 slots and bounded load
	 * (arXiv 1608.01350). If one of n endpoints leaves, its keys move, and a quarter as
	 * many others with n up to 100, five times as many with 1,000. Endpoints of zero
	 * weight get nothing while another has more.
	 * <p>
	 * An endpoint passes keys on, each always to the same others, while it has more calls
	 * in flight than <code>&lceil;c &middot; w / &Sigma;w &middot; (all calls +
	 * 1)&rceil;</code>, as far as this process knows. The first pick out of a new list
	 * computes the table, some milliseconds; others use the last one meanwhile.
	 * @param balanceFactor the factor c, more than 1; the lower, the more even, but the
	 * more keys leave their endpoint; {@link Double#POSITIVE_INFINITY} for no bound
	 * @return the balancer
	 * @throws IllegalArgumentException if the factor is not more than 1
	 */
	static LoadBalancer consistentHash(double balanceFactor) {
		return new ConsistentHash(Maglev::of, balanceFactor);
	}

	/**
	 * The same endpoint for the same key like {@link #consistentHash(double)}, but by a
	 * ring: if an endpoint leaves, its own keys move and hardly any others. For that
	 * shares are off by some 3 %, a pick is slower, and the ring takes 8 KiB for each
	 * endpoint of the largest weight.
	 * @param balanceFactor the factor c, more than 1; the lower, the more even, but the
	 * more keys leave their endpoint; {@link Double#POSITIVE_INFINITY} for no bound
	 * @return the balancer
	 * @throws IllegalArgumentException if the factor is not more than 1
	 */
	static LoadBalancer ringHash(double balanceFactor) {
		return new ConsistentHash(RingHash::of, balanceFactor);
	}

}
