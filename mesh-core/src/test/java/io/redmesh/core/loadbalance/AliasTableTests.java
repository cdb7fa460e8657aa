package io.redmesh.core.loadbalance;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.redmesh.core.endpoint.Endpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests of the exact probabilities of an alias table, of all 64 bits that it may draw.
 */
class AliasTableTests {

	private static final long COLUMN = 1L << 32;

	static Stream<int[]> weights() {
		SplittableRandom random = new SplittableRandom(12);
		Stream<int[]> chosen = Stream.of(new int[] { 5 }, new int[] { 1, 10_000 }, new int[] { 0, 0, 0 },
				new int[] { 3, 0, 0, 7 }, new int[] { 10_000, 10_000, 1 }, new int[] { 1, 2, 3, 4, 5, 6, 7 });
		Stream<int[]> drawn = IntStream.range(0, 30)
			.mapToObj((table) -> IntStream.range(0, random.nextInt(1, 40))
				.map((i) -> (random.nextInt(5) == 0) ? 0 : random.nextInt(1, 10_001))
				.toArray());
		return Stream.concat(chosen, drawn);
	}

	@ParameterizedTest
	@MethodSource("weights")
	void areThoseOfTheWeights(int[] weights) {
		AliasTable table = AliasTable.of(LoadBalancerContract.endpoints(weights));
		double[] parts = probabilities(table);
		long total = Arrays.stream(weights).asLongStream().sum();
		for (int i = 0; i < parts.length; i++) {
			int number = Integer.parseInt(table.weighted().endpoint(i).instance().id());
			double expected = (total == 0) ? 1.0 / weights.length : (double) weights[number] / total;
			assertThat(expected).isPositive();
			// Each column may be off by one of 2^32 positions.
			assertThat(parts[i]).isCloseTo(expected, within(parts.length / (double) COLUMN));
		}
		assertThat(Arrays.stream(parts).sum()).isCloseTo(1, within(1e-9));
	}

	/** Finds the end of each column's own part by halving. */
	private static double[] probabilities(AliasTable table) {
		int size = table.weighted().size();
		double[] parts = new double[size];
		for (int column = 0; column < size; column++) {
			long low = 0;
			long high = COLUMN;
			while (low < high) {
				long middle = (low + high) / 2;
				if (draw(table, column, middle) == column) {
					low = middle + 1;
				}
				else {
					high = middle;
				}
			}
			parts[column] += (double) low / COLUMN / size;
			if (low < COLUMN) {
				int alias = draw(table, column, low);
				assertThat(draw(table, column, COLUMN - 1)).isEqualTo(alias);
				parts[alias] += (double) (COLUMN - low) / COLUMN / size;
			}
		}
		return parts;
	}

	private static int draw(AliasTable table, int column, long position) {
		// The smallest upper half that leads to the column.
		long upper = ((long) column * COLUMN + table.weighted().size() - 1) / table.weighted().size();
		return table.draw(() -> (RandomGenerator) () -> upper << 32 | position, 0);
	}

	@Test
	void aTableServesOneListUntilAnotherComes() {
		LatestTable latest = new LatestTable();
		List<Endpoint> three = LoadBalancerContract.endpoints(1, 2, 3);
		AliasTable table = latest.of(three);
		assertThat(latest.of(three)).isSameAs(table);
		AliasTable other = latest.of(List.copyOf(three.subList(0, 2)));
		assertThat(other.weighted().size()).isEqualTo(2);
		assertThat(latest.of(three)).isNotSameAs(table);
	}

}
