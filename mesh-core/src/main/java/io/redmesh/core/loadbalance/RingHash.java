package io.redmesh.core.loadbalance;

import java.util.Arrays;

/**
 * A hash ring: each endpoint has many positions on it, and a key belongs to the next one
 * clockwise (Karger et al., <a href="https://doi.org/10.1145/258533.258660">Consistent
 * Hashing and Random Trees</a>, with the virtual nodes of ketama). The heaviest endpoint
 * has {@value #NODES} positions, other endpoints in proportion. That does not depend on
 * the number of endpoints. So an endpoint that joins or leaves moves only its own keys,
 * unless it alone was the heaviest.
 */
final class RingHash implements KeyTable {

	// A share is off by about one part in sqrt(NODES), 3 %.
	static final int NODES = 1024;

	private static final int INDEX_MASK = 0xFFFF;

	// Hashes of the positions, the lowest bits replaced by the index of the endpoint.
	private final long[] ring;

	private RingHash(long[] ring) {
		this.ring = ring;
	}

	static RingHash of(WeightedEndpoints weighted) {
		long largest = weighted.largestWeight();
		int[] counts = new int[weighted.size()];
		for (int i = 0; i < counts.length; i++) {
			counts[i] = (int) Math.max(1, (2L * NODES * weighted.weight(i) + largest) / (2 * largest));
		}
		long[] ring = new long[Arrays.stream(counts).sum()];
		int next = 0;
		for (int i = 0; i < counts.length; i++) {
			long hash = weighted.hash(i);
			for (int node = 0; node < counts[i]; node++) {
				ring[next++] = (KeyHash.mix(hash, node) & ~INDEX_MASK) | (i & INDEX_MASK);
			}
		}
		Arrays.sort(ring);
		return new RingHash(ring);
	}

	@Override
	public int indexOf(long hash) {
		int found = Arrays.binarySearch(this.ring, hash);
		int place = (found >= 0) ? found : ~found;
		return (int) this.ring[(place < this.ring.length) ? place : 0] & INDEX_MASK;
	}

}
