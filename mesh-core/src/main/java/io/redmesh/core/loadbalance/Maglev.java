package io.redmesh.core.loadbalance;

/**
 * Maglev's table (Eisenbud et al., <a href=
 * "https://research.google/pubs/maglev-a-fast-and-reliable-software-network-load-balancer/">NSDI
 * 2016</a>, section 3.4), with weights as in Envoy's <code>maglev_lb.cc</code>. Endpoints
 * take turns to occupy the next free slot along a path through the table that is their
 * own; one of a third of the largest weight takes every third turn.
 * <p>
 * The fewer slots each endpoint has, the more keys move besides those of an endpoint that
 * leaves: 2 % more with 20 endpoints, a quarter more with 100, and five times as many
 * with 1,000. The table is four times the paper's small one, which would move two thirds
 * more with 100.
 */
final class Maglev implements KeyTable {

	// Prime, so that every path visits all slots.
	static final int SIZE = 262_147;

	// An index fits into a char: no service has that many endpoints.
	private final char[] slots;

	private Maglev(char[] slots) {
		this.slots = slots;
	}

	static Maglev of(WeightedEndpoints weighted) {
		int[] skips = new int[weighted.size()];
		int[] positions = new int[skips.length];
		for (int i = 0; i < skips.length; i++) {
			long hash = weighted.hash(i);
			positions[i] = KeyHash.toRange(KeyHash.mix(hash, 0), SIZE);
			skips[i] = 1 + KeyHash.toRange(KeyHash.mix(hash, 1), SIZE - 1);
		}
		return new Maglev(fill(weighted, positions, skips));
	}

	private static char[] fill(WeightedEndpoints weighted, int[] positions, int[] skips) {
		char[] slots = new char[SIZE];
		boolean[] taken = new boolean[SIZE];
		long largest = weighted.largestWeight();
		// The round in which each endpoint takes its next slot. At first all take one.
		int[] turns = new int[positions.length];
		int[] counts = new int[positions.length];
		int free = SIZE;
		for (int round = 1; true; round++) {
			for (int i = 0; i < positions.length; i++) {
				if (turns[i] > round) {
					continue;
				}
				counts[i]++;
				int weight = weighted.weight(i);
				turns[i] = (int) ((counts[i] * largest + weight - 1) / weight);
				int position = positions[i];
				while (taken[position]) {
					position += skips[i];
					position -= (position >= SIZE) ? SIZE : 0;
				}
				taken[position] = true;
				slots[position] = (char) i;
				positions[i] = position;
				if (--free == 0) {
					return slots;
				}
			}
		}
	}

	@Override
	public int indexOf(long hash) {
		return this.slots[KeyHash.toRange(hash, SIZE)];
	}

}
