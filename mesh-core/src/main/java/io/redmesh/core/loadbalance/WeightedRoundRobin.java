package io.redmesh.core.loadbalance;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.redmesh.core.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * The static stride scheduler of <a href=
 * "https://github.com/grpc/proposal/blob/master/A58-client-side-weighted-round-robin-lb-policy.md">gRFC
 * A58</a>: over any {@value #GENERATIONS} rounds each endpoint is picked as often as its
 * share of the largest weight says, spread evenly, with one atomic counter and no lock.
 * Unlike the gRFC's, the weights are an operator's word and are neither averaged nor
 * clamped.
 */
final class WeightedRoundRobin implements LoadBalancer {

	static final int GENERATIONS = 0xFFFF;

	private final AtomicLong sequence;

	private volatile Strides strides = new Strides(List.of(), new int[0]);

	WeightedRoundRobin(int first) {
		this.sequence = new AtomicLong(first);
	}

	@Override
	public @Nullable Endpoint pick(List<Endpoint> candidates) {
		if (candidates.isEmpty()) {
			return null;
		}
		Strides current = this.strides;
		if (current.candidates != candidates) {
			current = Strides.of(candidates);
			this.strides = current;
		}
		return candidates.get(current.next(this.sequence));
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
				// All zero means that nobody is preferred.
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
