package io.redmesh.core.loadbalance;

import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.redmesh.core.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Least request, power of two choices: draws two endpoints and picks the one with fewer
 * requests in flight for its weight. The first is drawn by weight. The second is any
 * other, and gets the call only if it carries less for its weight.
 * <p>
 * Envoy compares <code>weight / (active + 1)</code>, but of endpoints that its scheduler
 * yields by weight. With two random endpoints that comparison alone would give each call
 * of a caller with few calls to the heavier one, and none at all to the lightest endpoint
 * of a service.
 */
final class LeastRequest implements LoadBalancer {

	private final Supplier<? extends RandomGenerator> random;

	private final LatestTable latest = new LatestTable();

	LeastRequest(Supplier<? extends RandomGenerator> random) {
		this.random = random;
	}

	@Override
	public @Nullable Endpoint pick(List<Endpoint> candidates, long nanos, long key) {
		if (candidates.isEmpty()) {
			return null;
		}
		AliasTable table = this.latest.of(candidates);
		WeightedEndpoints weighted = table.weighted();
		int first = table.draw(this.random, nanos);
		if (weighted.size() == 1) {
			return weighted.endpoint(first);
		}
		int second = first + 1 + this.random.get().nextInt(weighted.size() - 1);
		if (second >= weighted.size()) {
			second -= weighted.size();
		}
		return weighted.endpoint(isLessLoaded(weighted, second, first, nanos) ? second : first);
	}

	/**
	 * Returns whether one endpoint carries less than the other for its weight now, and
	 * would not carry more with this call. Without the second condition, an idle endpoint
	 * of small weight would be chosen before a large one that has room.
	 */
	private static boolean isLessLoaded(WeightedEndpoints weighted, int one, int other, long nanos) {
		double weight = weighted.weight(one, nanos);
		double otherWeight = weighted.weight(other, nanos);
		int inFlight = weighted.endpoint(one).inFlight();
		int otherInFlight = weighted.endpoint(other).inFlight();
		return inFlight * otherWeight < otherInFlight * weight
				&& (inFlight + 1) * otherWeight <= (otherInFlight + 1) * weight;
	}

}
