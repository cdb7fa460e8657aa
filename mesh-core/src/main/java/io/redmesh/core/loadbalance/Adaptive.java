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

	private volatile Shares latest = Shares.of(List.of());

	Adaptive(Supplier<? extends RandomGenerator> random) {
		this.random = random;
	}

	@Override
	public @Nullable Endpoint pick(List<Endpoint> candidates, long nanos, long key) {
		Shares shares = this.latest;
		if (!shares.areOf(candidates)) {
			shares = Shares.of(candidates);
			this.latest = shares;
		}
		int size = shares.size();
		if (size <= 1) {
			return (size == 0) ? null : shares.endpoint(0);
		}
		return (size <= MAX_SCANNED) ? oneOfTheBest(shares, nanos) : oneOfTwo(shares, nanos);
	}

	private Endpoint oneOfTheBest(Shares shares, long nanos) {
		float least = Float.POSITIVE_INFINITY;
		float most = 0;
		long good = 0;
		for (int i = 0; i < shares.size(); i++) {
			float expected = expected(shares, i, nanos);
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
		return draw(shares, (most > least * AS_GOOD) ? upTo(least * AS_GOOD, shares, good, nanos) : good, nanos);
	}

	private static long upTo(float limit, Shares shares, long good, long nanos) {
		long within = 0;
		for (long left = good; left != 0; left &= left - 1) {
			int i = Long.numberOfTrailingZeros(left);
			if (expected(shares, i, nanos) <= limit) {
				within |= 1L << i;
			}
		}
		// Calls that begin and end meanwhile may leave none.
		return (within != 0) ? within : good;
	}

	private Endpoint draw(Shares shares, long good, long nanos) {
		float weights = 0;
		for (long left = good; left != 0; left &= left - 1) {
			weights += weight(shares, Long.numberOfTrailingZeros(left), nanos);
		}
		float point = this.random.get().nextFloat() * weights;
		long left = good;
		int drawn = Long.numberOfTrailingZeros(left);
		while (left != 0) {
			drawn = Long.numberOfTrailingZeros(left);
			point -= weight(shares, drawn, nanos);
			if (point < 0) {
				break;
			}
			left &= left - 1;
		}
		return shares.endpoint(drawn);
	}

	private Endpoint oneOfTwo(Shares shares, long nanos) {
		RandomGenerator chance = this.random.get();
		int one = chance.nextInt(shares.size());
		int other = chance.nextInt(shares.size() - 1);
		if (other >= one) {
			other++;
		}
		float ofOne = expected(shares, one, nanos);
		float ofOther = expected(shares, other, nanos);
		if (ofOne > ofOther * AS_GOOD) {
			return shares.endpoint(other);
		}
		if (ofOther > ofOne * AS_GOOD) {
			return shares.endpoint(one);
		}
		float weight = weight(shares, one, nanos);
		boolean first = chance.nextFloat() * (weight + weight(shares, other, nanos)) < weight;
		return shares.endpoint(first ? one : other);
	}

	private static float weight(Shares shares, int index, long nanos) {
		return shares.weight(index) * shares.endpoint(index).warmth(nanos);
	}

	private static float expected(Shares shares, int index, long nanos) {
		Endpoint endpoint = shares.endpoint(index);
		int inFlight = endpoint.inFlight();
		float latency = endpoint.latency(nanos);
		if (latency == 0) {
			// Never called, or not for very long: one call finds out.
			return UNKNOWN * inFlight;
		}
		float busy = 1 + inFlight * shares.mean() / shares.weight(index);
		float penalty = 1 + PENALTY_FACTOR * endpoint.penalty(nanos);
		float usual = Math.max(latency, LEAST_LATENCY) * penalty * endpoint.load().strain(nanos) * busy;
		return Math.max(usual, (float) endpoint.silence());
	}

}
