package io.redmesh.core.loadbalance;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.redmesh.core.endpoint.Endpoint;

/**
 * Rejection sampling: a balancer that has computed the share of each endpoint gives some
 * endpoints only a portion of it at the moment. An endpoint that is drawn declines with
 * the rest of the probability, and the balancer draws again.
 * <p>
 * So tables need not be computed anew during slow start, and there is no cost once all
 * endpoints take their whole share.
 */
final class RejectionSampling {

	/**
	 * The largest number of draws; the endpoint of the last one takes the call. If all
	 * endpoints decline as often as they may, the shares are as if none did.
	 */
	static final int MAX_DRAWS = 32;

	private RejectionSampling() {
	}

	/**
	 * Returns the portion that an endpoint gets of the share for its weight.
	 * @param endpoint the endpoint
	 * @param nanos the monotonic time now
	 * @return 1 for all of it; less during slow start and under reported load
	 */
	static float portion(Endpoint endpoint, long nanos) {
		return endpoint.warmth(nanos) / endpoint.load().strain(nanos);
	}

	/**
	 * Returns whether the drawn endpoint declines, so that another one is drawn.
	 * @param portion the portion of its share that the endpoint gets, 0 to 1
	 * @param random the source of randomness, used only if it matters
	 * @return whether it declines
	 */
	static boolean declines(float portion, Supplier<? extends RandomGenerator> random) {
		return portion < 1 && random.get().nextFloat() >= portion;
	}

}
