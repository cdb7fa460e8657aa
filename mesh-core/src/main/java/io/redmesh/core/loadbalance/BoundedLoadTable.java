package io.redmesh.core.loadbalance;

import java.util.List;

import io.redmesh.core.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * A table that maps keys to the endpoints of one list, as long as those are not
 * overloaded: consistent hashing with bounded loads (Mirrokni, Thorup and Zadimoghaddam,
 * <a href= "https://arxiv.org/abs/1608.01350">arXiv 1608.01350</a>). What overflows does
 * not go to the next endpoint but is hashed again (Chen, Coleman and Shrivastava,
 * <a href= "https://arxiv.org/abs/1908.08762">arXiv 1908.08762</a>). So one hot key does
 * not overload one neighbour after another. Immutable.
 * <p>
 * As in Envoy an endpoint is overloaded when it has more than <code>&lceil;c &middot; w /
 * &Sigma;w &middot; (calls + 1)&rceil;</code> calls in flight; the paper calls it full
 * when it has that many.
 */
final class BoundedLoadTable {

	// Overloaded endpoints have less than 1 / c of the total weight. So with c = 1.25
	// each probe finds another endpoint with a probability of more than a fifth. All 32
	// fail once in 1,200 times when the load is as uneven as it can be.
	private static final int MAX_PROBES = 32;

	private final WeightedEndpoints weighted;

	private final KeyTable table;

	// The sum of the weights over c times the endpoint's own: total calls per own call.
	private final double[] calls;

	BoundedLoadTable(WeightedEndpoints weighted, KeyTable table, double balanceFactor) {
		this.weighted = weighted;
		this.table = table;
		this.calls = new double[weighted.size()];
		for (int i = 0; i < this.calls.length; i++) {
			this.calls[i] = weighted.total() / (balanceFactor * weighted.weight(i));
		}
	}

	WeightedEndpoints weighted() {
		return this.weighted;
	}

	KeyTable table() {
		return this.table;
	}

	/**
	 * Picks the endpoint of a key.
	 * @param key the hash key
	 * @param candidates the endpoints that may be picked
	 * @return the first endpoint that is not overloaded, else the least loaded one that
	 * was found, or null if no candidate was found
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
			// inFlight > ceil(x) means inFlight - 1 >= x, solved here for the total
			// number of calls.
			double enough = (inFlight - 1) * this.calls[index];
			// Its own calls may be enough already, and always are if it has at most one.
			// The calls of the other endpoints are counted only if not.
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
