package io.redmesh.core.loadbalance;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.redmesh.core.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * The static stride scheduler of <a href=
 * "https://github.com/grpc/proposal/blob/master/A58-client-side-weighted-round-robin-lb-policy.md">gRFC
 * A58</a>: over any {@value #GENERATIONS} rounds it picks each endpoint as often as its
 * share of the largest weight says. The picks are spread evenly, with one atomic counter
 * and no lock. Unlike in the gRFC, operators set the weights, which are neither averaged
 * nor clamped. Endpoints in slow start are often passed over.
 */
final class WeightedRoundRobin implements LoadBalancer {

	static final int GENERATIONS = 0xFFFF;

	private final AtomicLong sequence;

	private final Supplier<? extends RandomGenerator> random;

	private volatile Strides strides = new Strides(List.of(), new int[0]);

	WeightedRoundRobin(int first, Supplier<? extends RandomGenerator> random) {
		this.sequence = new AtomicLong(first);
		this.random = random;
	}

	@Override
	public @Nullable Endpoint pick(List<Endpoint> candidates, long nanos, long key) {
		if (candidates.isEmpty()) {
			return null;
		}
		Strides current = this.strides;
		if (current.candidates != candidates) {
			current = Strides.of(candidates);
			this.strides = current;
		}
		Endpoint due = candidates.get(current.next(this.sequence));
		for (int draws = 1; draws < RejectionSampling.MAX_DRAWS
				&& RejectionSampling.declines(RejectionSampling.portion(due, nanos), this.random); draws++) {
			due = candidates.get(current.next(this.sequence));
		}
		return due;
	}

	/**
	 * The weights of one list of candidates, scaled so that the largest is GENERATIONS.
	 */
	private static final class Strides {

		private final List<Endpoint> candidates;

		private final int[] scaled;

		Strides(List<Endpoint> candidates, int[] scaled) {
			this.candidates = candidates;
			this.scaled = scaled;
		}

		static Strides of(List<Endpoint> candidates) {
			int max = 0;
			for (Endpoint endpoint : candidates) {
				max = Math.max(max, endpoint.instance().weight());
			}
			int[] scaled = new int[candidates.size()];
			for (int i = 0; i < scaled.length; i++) {
				// If all weights are zero, no endpoint is preferred.
				scaled[i] = (max == 0) ? GENERATIONS
						: Math.round((float) candidates.get(i).instance().weight() * GENERATIONS / max);
			}
			return new Strides(candidates, scaled);
		}

		int next(AtomicLong sequence) {
			while (true) {
				long position = sequence.getAndIncrement();
				int index = (int) (position % this.scaled.length);
				long generation = position / this.scaled.length;
				long weight = this.scaled[index];
				// An endpoint is due in a round when weight * round passes a multiple of
				// GENERATIONS; the offset keeps equal weights from being due in the same
				// rounds.
				long offset = (long) index * (GENERATIONS / 2);
				if ((weight * generation + offset) % GENERATIONS >= GENERATIONS - weight) {
					return index;
				}
			}
		}

	}

}
