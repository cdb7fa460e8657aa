package io.redmesh.core.loadbalance;

import java.util.List;

import io.redmesh.core.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoint of one list a key goes to, as long as that one is not overloaded:
 * consistent hashing with bounded loads (Mirrokni, Thorup and Zadimoghaddam,
 * <a href= "https://arxiv.org/abs/1608.01350">arXiv 1608.01350</a>). What overflows does
 * not fall upon the next endpoint but is hashed again (Chen, Coleman and Shrivastava,
 * <a href= "https://arxiv.org/abs/1908.08762">arXiv 1908.08762</a>), so that one hot key
 * does not drag down one neighbour after another. Immutable.
 * <p>
 * As in Envoy an endpoint is overloaded when it has more than
 * <code>&lceil;c &middot; w / &Sigma;w &middot; (calls + 1)&rceil;</code> calls in
 * flight; the paper already calls it full when it has that many.
 */
final class BoundedLoadTable {

	// Overloaded ones have less than 1 / c of all shares. With c = 1.25 each probe thus
	// finds another with a probability of more than a fifth, and all 32 fail once in
	// 1,200
	// times when the load is as uneven as it can be.
	private static final int MAX_PROBES = 32;

	private final WeightedEndpoints weighted;

	private final KeyTable table;

	// The sum of the weights over c times one's own: calls in all for each of its own.
	private final double[] calls;

	BoundedLoadTable(WeightedEndpoints weighted, KeyTable table, double balanceFactor) {
		this.weighted = weighted;
		this.table = table;
		this.calls = new double[weighted.size()];
		for (int i = 0; i < this.calls.length; i++) {
			this.calls[i] = weighted.total() / (balanceFactor * weighted.weight(i));
		}
	}

	WeightedEndpoints shares() {
		return this.weighted;
	}

	KeyTable table() {
		return this.table;
	}

	/**
	 * Picks for a key.
	 * @param key the key
	 * @param candidates the only ones that may be picked
	 * @return the first that is not overloaded, else the least loaded one that was found,
	 * or null if none of the candidates was
	 */
	@Nullable Endpoint pick(long key, List<Endpoint> candidates) {
		boolean all = this.weighted.areOf(candidates);
		Endpoint leastLoaded = null;
		double least = Double.POSITIVE_INFINITY;
		long total = 0;
		for (int probe = 0; probe < MAX_PROBES; probe++) {
			int index = this.table.indexOf(KeyHash.mix(key, probe));
			Endpoint endpoint = this.weighted.endpoint(index);
			if (!all && !candidates.contains(endpoint)) {
				continue;
			}
			int inFlight = endpoint.inFlight();
			// inFlight > ceil(x) means inFlight - 1 >= x; this is that for the number of
			// all calls.
			double enough = (inFlight - 1) * this.calls[index];
			// Its own calls may be enough already, and always are if it has at most one;
			// only else those of the others have to be looked at.
			if (inFlight + 1 > enough) {
				return endpoint;
			}
			if (total == 0) {
				total = this.weighted.inFlight() + 1;
			}
			if (total > enough) {
				return endpoint;
			}
			double load = inFlight * this.calls[index];
			if (load < least) {
				least = load;
				leastLoaded = endpoint;
			}
		}
		return leastLoaded;
	}

}
