package io.redmesh.core.loadbalance;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.redmesh.core.endpoint.Endpoint;

/**
 * How a balancer that has computed what each endpoint is to get lets some get only a
 * portion of it, whatever the portions are in this moment: whoever is drawn declines with
 * the rest of the probability, and the balancer draws again (rejection sampling).
 * <p>
 * So tables need not be computed anew while an endpoint starts slowly, and nothing is to
 * be done once all take everything.
 */
final class RejectionSampling {

	/**
	 * Who is drawn last takes the call. Where all decline as often as they may, it is as
	 * if none did.
	 */
	static final int MAX_DRAWS = 32;

	private RejectionSampling() {
	}

	/**
	 * Returns what an endpoint is to get of the share that is due to its weight.
	 * @param endpoint the endpoint
	 * @param nanos the monotonic time now
	 * @return 1 for all of it; less while it starts slowly, and the busier it says it is
	 */
	static float of(Endpoint endpoint, long nanos) {
		return endpoint.warmth(nanos) / endpoint.load().strain(nanos);
	}

	/**
	 * Tells whether somebody else is to be drawn.
	 * @param portion what the one that was drawn is to get of its share, 0 to 1
	 * @param random the source of randomness, asked only if it matters
	 * @return whether it declines
	 */
	static boolean declines(float portion, Supplier<? extends RandomGenerator> random) {
		return portion < 1 && random.get().nextFloat() >= portion;
	}

}
