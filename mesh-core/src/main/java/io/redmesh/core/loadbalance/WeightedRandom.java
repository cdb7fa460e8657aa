package io.redmesh.core.loadbalance;

import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.redmesh.core.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Each with a probability proportional to its weight, by a search in the running sums.
 */
final class WeightedRandom implements LoadBalancer {

	private final Supplier<? extends RandomGenerator> random;

	private volatile Sums sums = new Sums(List.of(), new int[0]);

	WeightedRandom(Supplier<? extends RandomGenerator> random) {
		this.random = random;
	}

	@Override
	public @Nullable Endpoint pick(List<Endpoint> candidates) {
		if (candidates.isEmpty()) {
			return null;
		}
		Sums current = this.sums;
		if (current.candidates != candidates) {
			current = Sums.of(candidates);
			this.sums = current;
		}
		return current.pick(this.random.get());
	}

	private static final class Sums {

		private final List<Endpoint> candidates;

		private final int[] running;

		Sums(List<Endpoint> candidates, int[] running) {
			this.candidates = candidates;
			this.running = running;
		}

		static Sums of(List<Endpoint> candidates) {
			int[] running = new int[candidates.size()];
			int sum = 0;
			for (int i = 0; i < running.length; i++) {
				sum += candidates.get(i).instance().weight();
				running[i] = sum;
			}
			return new Sums(candidates, running);
		}

		Endpoint pick(RandomGenerator random) {
			int total = this.running[this.running.length - 1];
			if (total == 0) {
				return this.candidates.get(random.nextInt(this.running.length));
			}
			int point = random.nextInt(total);
			int low = 0;
			int high = this.running.length - 1;
			while (low < high) {
				int middle = (low + high) >>> 1;
				if (this.running[middle] > point) {
					high = middle;
				}
				else {
					low = middle + 1;
				}
			}
			return this.candidates.get(low);
		}

	}

}
