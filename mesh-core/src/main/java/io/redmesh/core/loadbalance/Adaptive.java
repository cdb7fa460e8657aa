package io.redmesh.core.loadbalance;

import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.redmesh.core.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * The adaptive algorithm: picks among the endpoints with the least expected latency, by
 * what this process has measured. That is peak EWMA &times; (1 + in flight &times; mean
 * weight / weight), after Finagle's {@code PeakEwma}, times a penalty for failures. It is
 * at least the time for which the endpoint has left attempts unanswered while others
 * responded. Compares all of up to {@value #MAX_SCANNED} candidates, beyond that two
 * random ones (the power of two choices, Mitzenmacher 2001).
 * <p>
 * Endpoints that are nearly as good as the best count as equally good, and share the
 * calls by weight. Otherwise callers that make one call at a time would all call the
 * endpoint that is fastest by a small margin. They would never call a lighter one, or one
 * in slow start.
 */
final class Adaptive implements LoadBalancer {

	static final int MAX_SCANNED = Long.SIZE;

	/**
	 * The factor within which endpoints count as equally good as the best. It is less
	 * than the factor of one call in flight, which is 2 at mean weight.
	 */
	private static final float MARGIN = 1.5F;

	/** The least latency in nanoseconds; below it endpoints count as equally fast. */
	private static final float LEAST_LATENCY = 1_000;

	/** The extra cost factor of a penalty of 1, in multiples of the latency. */
	private static final float PENALTY_FACTOR = 4;

	/**
	 * More than any latency: while its first call is unanswered, an endpoint comes after
	 * all others.
	 */
	private static final float UNKNOWN = 0x1p50F;

	private final Supplier<? extends RandomGenerator> random;

	private volatile WeightedEndpoints latest = WeightedEndpoints.of(List.of());

	Adaptive(Supplier<? extends RandomGenerator> random) {
		this.random = random;
	}

	@Override
	public @Nullable Endpoint pick(List<Endpoint> candidates, long nanos, long key) {
		WeightedEndpoints weighted = this.latest;
		if (!weighted.areOf(candidates)) {
			weighted = WeightedEndpoints.of(candidates);
			this.latest = weighted;
		}
		int size = weighted.size();
		if (size <= 1) {
			return (size == 0) ? null : weighted.endpoint(0);
		}
		return (size <= MAX_SCANNED) ? oneOfTheBest(weighted, nanos) : oneOfTwo(weighted, nanos);
	}

	private Endpoint oneOfTheBest(WeightedEndpoints weighted, long nanos) {
		float least = Float.POSITIVE_INFINITY;
		float most = 0;
		long good = 0;
		for (int i = 0; i < weighted.size(); i++) {
			float expected = expected(weighted, i, nanos);
			if (expected > least * MARGIN) {
				continue;
			}
			if (expected * MARGIN < least) {
				good = 0;
				most = 0;
			}
			least = Math.min(least, expected);
			most = Math.max(most, expected);
			good |= 1L << i;
		}
		// In most cases no better endpoint came later that excludes an earlier one.
		return draw(weighted, (most > least * MARGIN) ? upTo(least * MARGIN, weighted, good, nanos) : good, nanos);
	}

	private static long upTo(float limit, WeightedEndpoints weighted, long good, long nanos) {
		long within = 0;
		for (long left = good; left != 0; left &= left - 1) {
			int i = Long.numberOfTrailingZeros(left);
			if (expected(weighted, i, nanos) <= limit) {
				within |= 1L << i;
			}
		}
		// Calls that begin and end meanwhile may leave no endpoint.
		return (within != 0) ? within : good;
	}

	private Endpoint draw(WeightedEndpoints weighted, long good, long nanos) {
		float weights = 0;
		for (long left = good; left != 0; left &= left - 1) {
			weights += weight(weighted, Long.numberOfTrailingZeros(left), nanos);
		}
		float point = this.random.get().nextFloat() * weights;
		long left = good;
		int drawn = Long.numberOfTrailingZeros(left);
		while (left != 0) {
			drawn = Long.numberOfTrailingZeros(left);
			point -= weight(weighted, drawn, nanos);
			if (point < 0) {
				break;
			}
			left &= left - 1;
		}
		return weighted.endpoint(drawn);
	}

	private Endpoint oneOfTwo(WeightedEndpoints weighted, long nanos) {
		RandomGenerator chance = this.random.get();
		int one = chance.nextInt(weighted.size());
		int other = chance.nextInt(weighted.size() - 1);
		if (other >= one) {
			other++;
		}
		float ofOne = expected(weighted, one, nanos);
		float ofOther = expected(weighted, other, nanos);
		if (ofOne > ofOther * MARGIN) {
			return weighted.endpoint(other);
		}
		if (ofOther > ofOne * MARGIN) {
			return weighted.endpoint(one);
		}
		float weight = weight(weighted, one, nanos);
		boolean first = chance.nextFloat() * (weight + weight(weighted, other, nanos)) < weight;
		return weighted.endpoint(first ? one : other);
	}

	private static float weight(WeightedEndpoints weighted, int index, long nanos) {
		return weighted.weight(index) * weighted.endpoint(index).warmth(nanos);
	}

	private static float expected(WeightedEndpoints weighted, int index, long nanos) {
		Endpoint endpoint = weighted.endpoint(index);
		int inFlight = endpoint.inFlight();
		float latency = endpoint.latency(nanos);
		if (latency == 0) {
			// Without a recent response: one call at a time measures it.
			return UNKNOWN * inFlight;
		}
		float busy = 1 + inFlight * weighted.mean() / weighted.weight(index);
		float penalty = 1 + PENALTY_FACTOR * endpoint.penalty(nanos);
		float usual = Math.max(latency, LEAST_LATENCY) * penalty * endpoint.load().strain(nanos) * busy;
		return Math.max(usual, (float) endpoint.silence());
	}

}
