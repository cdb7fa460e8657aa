package io.redmesh.core.traffic;

import java.util.List;

/**
 * The choice of a destination by weights. Neither way allocates anything.
 * <p>
 * Cohorts are spread by weighted rendezvous hashing: Schindelhauer and Schomaker,
 * <a href= "https://doi.org/10.1145/1073970.1074008">Weighted Distributed Hash Tables</a>
 * (2005), the logarithmic method. The hash depends on the destination alone and not on
 * the rule. So a cohort keeps its destination when the rule is renamed, and has the same
 * one under two rules with the same split.
 */
final class WeightedSplit {

	// With one bit more, the largest quotient would be rounded to 1.
	private static final int BITS = 52;

	private static final long FNV_OFFSET_BASIS = 0xCBF29CE484222325L;

	private static final long FNV_PRIME = 0x100000001B3L;

	private WeightedSplit() {
	}

	static RouteDestination byChance(List<RouteDestination> destinations, long random) {
		long total = 0;
		for (int i = 0; i < destinations.size(); i++) {
			total += destinations.get(i).weight();
		}
		// Maps 32 random bits to the range without a division. The total fits in 31 bits.
		long rest = ((random >>> 32) * total) >>> 32;
		for (int i = 0; i < destinations.size(); i++) {
			rest -= destinations.get(i).weight();
			if (rest < 0) {
				return destinations.get(i);
			}
		}
		return destinations.get(0);
	}

	static RouteDestination byCohort(List<RouteDestination> destinations, long cohort) {
		RouteDestination best = destinations.get(0);
		double most = 0;
		for (int i = 0; i < destinations.size(); i++) {
			RouteDestination destination = destinations.get(i);
			// More than 0 and less than 1.
			double chance = ((hash(destination.key(), cohort) >>> (Long.SIZE - BITS)) + 0.5) / (1L << BITS);
			double score = -destination.weight() / Math.log(chance);
			if (score > most) {
				best = destination;
				most = score;
			}
		}
		return best;
	}

	/** Mixes with FNV-1a and the finalizer of SplitMix64. */
	private static long hash(DestinationKey destination, long cohort) {
		long hash = fnv(fnv(FNV_OFFSET_BASIS, destination.service()) * FNV_PRIME, destination.subset()) ^ cohort;
		hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
		hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
		return hash ^ (hash >>> 31);
	}

	private static long fnv(long hash, String text) {
		long mixed = hash;
		for (int i = 0; i < text.length(); i++) {
			mixed = (mixed ^ text.charAt(i)) * FNV_PRIME;
		}
		return mixed;
	}

}
