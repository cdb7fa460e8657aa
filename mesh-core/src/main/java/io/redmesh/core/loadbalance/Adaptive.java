package io.redmesh.core.loadbalance;

import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.redmesh.core.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * One of those with the least expected latency, by what this process has seen: peak EWMA
 * &times; (1 + in flight &times; mean weight / weight), after Finagle's {@code PeakEwma},
 * times a penalty for failures; and no less than it has kept silent while others have
 * not. Compares all of up to {@value #MAX_SCANNED} candidates, beyond that two by chance
 * (the power of two choices, Mitzenmacher 2001).
 * <p>
 * Those that are nearly as good as the best are as good, and share the calls by their
 * weights: callers that make one call at a time would otherwise all call the one that is
 * the fastest by a hair, and a lighter one, or one that starts slowly, never.
 */
final class Adaptive implements LoadBalancer {

	static final int MAX_SCANNED = Long.SIZE;

	/** Up to how many times slower than the best is as good: less than one call more. */
	private static final float AS_GOOD = 1.5F;

	/** In nanoseconds; below it latencies do not differ. */
	private static final float LEAST_LATENCY = 1_000;

	/** How many times slower than it is one seems whose penalty is 1. */
	private static final float PENALTY_FACTOR = 4;

	/** More than any latency: others first, while it has not answered its first call. */
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
			if (expected > least * AS_GOOD) {
				continue;
			}
			if (expected * AS_GOOD < least) {
				good = 0;
				most = 0;
			}
			least = Math.min(least, expected);
			most = Math.max(most, expected);
			good |= 1L << i;
		}
		// Most often nobody has been found since who makes an earlier one a bad choice.
		return draw(weighted, (most > least * AS_GOOD) ? upTo(least * AS_GOOD, weighted, good, nanos) : good, nanos);
	}

	private static long upTo(float limit, WeightedEndpoints weighted, long good, long nanos) {
		long within = 0;
		for (long left = good; left != 0; left &= left - 1) {
			int i = Long.numberOfTrailingZeros(left);
			if (expected(weighted, i, nanos) <= limit) {
				within |= 1L << i;
			}
		}
		// Calls that begin and end meanwhile may leave none.
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
		if (ofOne > ofOther * AS_GOOD) {
			return weighted.endpoint(other);
		}
		if (ofOther > ofOne * AS_GOOD) {
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
			// Never called, or not for very long: one call finds out.
			return UNKNOWN * inFlight;
		}
		float busy = 1 + inFlight * weighted.mean() / weighted.weight(index);
		float penalty = 1 + PENALTY_FACTOR * endpoint.penalty(nanos);
		float usual = Math.max(latency, LEAST_LATENCY) * penalty * endpoint.load().strain(nanos) * busy;
		return Math.max(usual, (float) endpoint.silence());
	}

}
