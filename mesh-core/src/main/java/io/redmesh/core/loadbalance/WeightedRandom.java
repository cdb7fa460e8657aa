package io.redmesh.core.loadbalance;

import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.redmesh.core.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Weighted random: picks each endpoint with a probability in proportion to its weight,
 * less during slow start.
 */
final class WeightedRandom implements LoadBalancer {

	private final Supplier<? extends RandomGenerator> random;

	private final LatestTable latest = new LatestTable();

	WeightedRandom(Supplier<? extends RandomGenerator> random) {
		this.random = random;
	}

	@Override
	public @Nullable Endpoint pick(List<Endpoint> candidates, long nanos, long key) {
		if (candidates.isEmpty()) {
			return null;
		}
		AliasTable table = this.latest.of(candidates);
		return table.weighted().endpoint(table.draw(this.random, nanos));
	}

}
