package io.redmesh.core.loadbalance;

import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.redmesh.core.endpoint.Endpoint;

/**
 * An alias table: draws in proportion to the weights in constant time (Vose,
 * <a href= "https://doi.org/10.1109/32.92917">A Linear Algorithm for Generating Random
 * Numbers with a Given Distribution</a>). All endpoints have columns of the same width.
 * An endpoint of less than the average weight leaves the rest of its column to an
 * endpoint of more.
 */
final class AliasTable {

	static final AliasTable EMPTY = new AliasTable(WeightedEndpoints.of(List.of()), new long[0], new int[0]);

	private static final double COLUMN = 0x1p32;

	private final WeightedEndpoints weighted;

	// The end of an endpoint's own part of its column, 0 to COLUMN.
	private final long[] ends;

	private final int[] aliases;

	private AliasTable(WeightedEndpoints weighted, long[] ends, int[] aliases) {
		this.weighted = weighted;
		this.ends = ends;
		this.aliases = aliases;
	}

	static AliasTable of(List<Endpoint> candidates) {
		WeightedEndpoints weighted = WeightedEndpoints.of(candidates);
		int size = weighted.size();
		// In units of which a column holds the total: whole numbers, so nothing is lost.
		long[] left = new long[size];
		// Light endpoints are queued from the beginning, heavy ones from the end.
		int[] waiting = new int[size];
		int light = 0;
		int heavy = size;
		for (int i = 0; i < size; i++) {
			left[i] = (long) weighted.weight(i) * size;
			waiting[(left[i] < weighted.total()) ? light++ : --heavy] = i;
		}
		long[] ends = new long[size];
		int[] aliases = new int[size];
		while (light > 0 && heavy < size) {
			int small = waiting[--light];
			int large = waiting[heavy];
			ends[small] = (long) (left[small] * COLUMN / weighted.total());
			aliases[small] = large;
			left[large] -= weighted.total() - left[small];
			if (left[large] < weighted.total()) {
				heavy++;
				waiting[light++] = large;
			}
		}
		for (; heavy < size; heavy++) {
			ends[waiting[heavy]] = (long) COLUMN;
		}
		return new AliasTable(weighted, ends, aliases);
	}

	WeightedEndpoints weighted() {
		return this.weighted;
	}

	/**
	 * Draws an endpoint, less often those in slow start or under reported load.
	 * @param random the source of randomness, used anew for each number
	 * @param nanos the monotonic time now
	 * @return the index of an endpoint in {@link #weighted()}
	 */
	int draw(Supplier<? extends RandomGenerator> random, long nanos) {
		int drawn = draw(random.get().nextLong());
		for (int draws = 1; draws < RejectionSampling.MAX_DRAWS && RejectionSampling
			.declines(RejectionSampling.portion(this.weighted.endpoint(drawn), nanos), random); draws++) {
			drawn = draw(random.get().nextLong());
		}
		return drawn;
	}

	/**
	 * Draws an endpoint.
	 * @param bits 64 random bits: the upper half chooses the column, the lower half the
	 * position in it
	 * @return the index of an endpoint in {@link #weighted()}
	 */
	private int draw(long bits) {
		int column = KeyHash.toRange(bits, this.ends.length);
		return ((bits & 0xFFFF_FFFFL) < this.ends[column]) ? column : this.aliases[column];
	}

}
