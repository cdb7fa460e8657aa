package io.redmesh.core.loadbalance;

import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.redmesh.core.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * A load balancer: picks one endpoint out of several. One balancer serves one service.
 * All algorithms but the hashing ones and the uniform random one give less to endpoints
 * in slow start, see {@link Endpoint#warmth(long)}.
 * <p>
 * Safe for use by many threads; a pick takes no lock and allocates nothing, except the
 * first one from a list.
 */
@FunctionalInterface
public interface LoadBalancer {

	/**
	 * The default factor by which an endpoint may exceed its share before its keys go to
	 * other endpoints.
	 */
	double DEFAULT_BALANCE_FACTOR = 1.25;

	/**
	 * Picks an endpoint.
	 * @param candidates an immutable list; passing the same object again lets the
	 * balancer keep what it has computed for it
	 * @param nanos the monotonic time now
	 * @param key the hash key of the call as a {@link KeyHash}; a random number for a
	 * call without one
	 * @return one of the candidates, or null if there are none
	 */
	@Nullable Endpoint pick(List<Endpoint> candidates, long nanos, long key);

	/**
	 * Picks an endpoint from a list that was made for this pick only, so that the
	 * balancer should keep nothing for it.
	 * @param candidates an immutable list
	 * @param nanos the monotonic time now
	 * @param key as for {@link #pick}
	 * @return one of the candidates, or null if there are none
	 */
	default @Nullable Endpoint pickOnce(List<Endpoint> candidates, long nanos, long key) {
		return pick(candidates, nanos, key);
	}

	/**
	 * Creates a balancer that picks an endpoint with the least expected time to respond.
	 * That is the peak EWMA of its latency &times; (1 + in flight &times; mean weight /
	 * weight) (Finagle's {@code PeakEwma}), times a penalty for failures.
	 * @param random the source of randomness, used anew for each pick
	 * @return the balancer
	 */
	static LoadBalancer adaptive(Supplier<? extends RandomGenerator> random) {
		return new Adaptive(random);
	}

	/**
	 * Creates a balancer that picks endpoints in turn, whatever their weights. It starts
	 * at a random one, so that processes do not all begin with the same. Endpoints in
	 * slow start are often passed over.
	 * @param random the source of the start, and of the endpoints that are passed over
	 * @return the balancer
	 */
	static LoadBalancer roundRobin(Supplier<? extends RandomGenerator> random) {
		return new RoundRobin(random.get().nextInt(), random);
	}

	/**
	 * Creates a balancer that picks each endpoint with the same probability. Weights do
	 * not count.
	 * @param random the source of randomness, used anew for each pick
	 * @return the balancer
	 */
	static LoadBalancer random(Supplier<? extends RandomGenerator> random) {
		return new UniformRandom(random);
	}

	/**
	 * Creates a balancer that picks in proportion to the weights and evenly spread: the
	 * static stride scheduler of gRFC A58.
	 * @param random the source of the start, and of the endpoints that are passed over
	 * @return the balancer
	 */
	static LoadBalancer weightedRoundRobin(Supplier<? extends RandomGenerator> random) {
		return new WeightedRoundRobin(random.get().nextInt(1 << 16), random);
	}

	/**
	 * Creates a balancer that picks each endpoint with probability <code>P(x) = w_x /
	 * &Sigma;w</code>; when all weights are zero, each with the same. A pick takes the
	 * same time for any number of endpoints: the alias method of Vose (1991).
	 * @param random the source of randomness, used anew for each pick
	 * @return the balancer
	 */
	static LoadBalancer weightedRandom(Supplier<? extends RandomGenerator> random) {
		return new WeightedRandom(random);
	}

	/**
	 * Creates a balancer that picks the less busy of two endpoints: the power of two
	 * choices (Mitzenmacher, 2001), by the calls that this process has in flight. One of
	 * the two is drawn by weight. The other gets the call if it carries less for its
	 * weight and has no lower <code>weight / (in flight + 1)</code>, which is Envoy's
	 * least request with an active request bias of 1. An endpoint of zero weight gets
	 * nothing while another has more; when all weights are zero they are equal.
	 * @param random the source of randomness, used anew for each pick
	 * @return the balancer
	 */
	static LoadBalancer leastRequest(Supplier<? extends RandomGenerator> random) {
		return new LeastRequest(random);
	}

	/**
	 * Creates a balancer that picks the same endpoint for the same key, in every process
	 * and in proportion to the weights: Maglev (NSDI 2016, section 3.4), with 262,147
	 * slots and bounded load (arXiv 1608.01350). If one of n endpoints leaves, its keys
	 * move. Besides, a quarter as many keys of other endpoints move with n up to 100, and
	 * five times as many with 1,000. Endpoints of zero weight get nothing while another
	 * has more.
	 * <p>
	 * An endpoint passes keys on, each always to the same alternatives, while it has more
	 * calls in flight than <code>&lceil;c &middot; w / &Sigma;w &middot; (all calls +
	 * 1)&rceil;</code>, as far as this process knows. The first pick from a new list
	 * computes the table in some milliseconds; other picks use the last table meanwhile.
	 * @param balanceFactor the factor c, more than 1; the lower, the more even, but the
	 * more keys leave their endpoint; {@link Double#POSITIVE_INFINITY} for no bound
	 * @return the balancer
	 * @throws IllegalArgumentException if the factor is not more than 1
	 */
	static LoadBalancer consistentHash(double balanceFactor) {
		return new ConsistentHash(Maglev::of, balanceFactor);
	}

	/**
	 * Creates a balancer that picks the same endpoint for the same key like
	 * {@link #consistentHash(double)}, but by a ring. If an endpoint leaves, its own keys
	 * move and hardly any others. In return shares are off by some 3 %, a pick is slower,
	 * and the ring takes 8 KiB for each endpoint of the largest weight.
	 * @param balanceFactor the factor c, more than 1; the lower, the more even, but the
	 * more keys leave their endpoint; {@link Double#POSITIVE_INFINITY} for no bound
	 * @return the balancer
	 * @throws IllegalArgumentException if the factor is not more than 1
	 */
	static LoadBalancer ringHash(double balanceFactor) {
		return new ConsistentHash(RingHash::of, balanceFactor);
	}

}
