package io.redmesh.core.loadbalance;

import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.redmesh.core.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/** Uniform random: picks each endpoint with the same probability. */
final class UniformRandom implements LoadBalancer {

	private final Supplier<? extends RandomGenerator> random;

	UniformRandom(Supplier<? extends RandomGenerator> random) {
		this.random = random;
	}

	@Override
	public @Nullable Endpoint pick(List<Endpoint> candidates, long nanos, long key) {
		return candidates.isEmpty() ? null : candidates.get(this.random.get().nextInt(candidates.size()));
	}

}
