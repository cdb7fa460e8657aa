package io.redmesh.core.loadbalance;

import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.redmesh.core.endpoint.Endpoint;

/**
 * Draws in proportion to the weights in constant time: the alias method (Vose,
 * <a href= "https://doi.org/10.1109/32.92917">A Linear Algorithm for Generating Random
 * Numbers with a Given Distribution</a>). Each endpoint has a column as wide as the
 * others'; one of less than the average weight leaves the rest of its column to one of
 * more.
 */
final class AliasTable {

	static final AliasTable EMPTY = new AliasTable(WeightedEndpoints.of(List.of()), new long[0], new int[0]);

	private static final double COLUMN = 0x1p32;

	private final WeightedEndpoints weighted;

	// Where in its column an endpoint's own part ends, 0 to COLUMN.
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
		// The light ones wait from the beginning on, the heavy ones from the end on.
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

	WeightedEndpoints shares() {
		return this.weighted;
	}

	/**
	 * Draws one, less often those that start slowly or say that they are busy.
	 * @param random the source of randomness, asked anew for each number
	 * @param nanos the monotonic time now
	 * @return the index of an endpoint in the shares
	 */
	int draw(Supplier<? extends RandomGenerator> random, long nanos) {
		int drawn = draw(random.get().nextLong());
		for (int draws = 1; draws < RejectionSampling.MAX_DRAWS && RejectionSampling
			.declines(RejectionSampling.of(this.weighted.endpoint(drawn), nanos), random); draws++) {
			drawn = draw(random.get().nextLong());
		}
		return drawn;
	}

	/**
	 * Draws one.
	 * @param bits 64 random bits: the upper half chooses the column, the lower half the
	 * place in it
	 * @return the index of an endpoint in the shares
	 */
	private int draw(long bits) {
		int column = KeyHash.toRange(bits, this.ends.length);
		return ((bits & 0xFFFF_FFFFL) < this.ends[column]) ? column : this.aliases[column];
	}

}
