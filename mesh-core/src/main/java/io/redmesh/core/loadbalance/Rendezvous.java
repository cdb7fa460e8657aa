package io.redmesh.core.loadbalance;

import java.util.List;

import io.redmesh.core.endpoint.Endpoint;
import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;

/**
 * Rendezvous hashing with weights (Thaler and Ravishankar,
 * <a href= "https://doi.org/10.1109/90.663936">Using Name-Based Mappings to Increase Hit
 * Rates</a>; weights as in
 * <a href= "https://datatracker.ietf.org/doc/html/draft-ietf-bess-weighted-hrw">Weighted
 * HRW</a>). It picks the same endpoint for the same key without a table, but in time that
 * grows with the list. It is meant for lists that are used once.
 */
final class Rendezvous {

	private static final int BITS = 53;

	private Rendezvous() {
	}

	/**
	 * Picks the endpoint of a key.
	 * @param candidates the endpoints, in any order
	 * @param key the hash key
	 * @return one of the candidates; one of zero weight only if all have zero weight
	 */
	static @Nullable Endpoint pick(List<Endpoint> candidates, long key) {
		Endpoint best = null;
		double most = Double.NEGATIVE_INFINITY;
		for (Endpoint endpoint : candidates) {
			Instance instance = endpoint.instance();
			long hash = KeyHash.mix(key ^ KeyHash.of(instance.service() + "/" + instance.id()), 0);
			// More than 0 and less than 1.
			double chance = ((hash >>> (Long.SIZE - BITS)) + 0.5) / (1L << BITS);
			double score = (instance.weight() > 0) ? -instance.weight() / Math.log(chance) : chance - 1;
			if (best == null || score > most) {
				best = endpoint;
				most = score;
			}
		}
		return best;
	}

}
