package io.redmesh.registry.catalog;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the count of comparisons since a namespace was last used. */
class UsageTests {

	private final Usage usage = new Usage();

	@Test
	void comparisonsAreCountedUntilARequestComes() {
		assertThat(count(3)).isEqualTo(3);
		this.usage.used();
		assertThat(count(1)).isEqualTo(1);
		assertThat(count(4)).isEqualTo(5);
	}

	@Test
	void aWatchKeepsANamespaceInUseUntilTheLastOneEnds() {
		this.usage.retain(1);
		this.usage.retain(1);
		assertThat(count(20)).isZero();
		this.usage.retain(-1);
		assertThat(count(20)).isZero();
		this.usage.retain(-1);
		assertThat(count(1)).as("counted from the end of the watch").isEqualTo(1);
		assertThat(count(2)).isEqualTo(3);
	}

	@Test
	void aRequestDuringAWatchDoesNotEndIt() {
		this.usage.retain(1);
		this.usage.used();
		assertThat(count(7)).isZero();
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void theCountIsThatOfComparisonsSinceTheLastUse(long seed) {
		Random random = new Random(seed);
		int watches = 0;
		int unused = 0;
		for (int i = 0; i < 5_000; i++) {
			switch (random.nextInt(6)) {
				case 0 -> {
					this.usage.used();
					unused = 0;
				}
				case 1 -> {
					this.usage.retain(1);
					watches++;
					unused = 0;
				}
				case 2 -> {
					if (watches > 0) {
						this.usage.retain(-1);
						watches--;
						unused = 0;
					}
				}
				default -> {
					unused++;
					assertThat(this.usage.countUnused()).isEqualTo((watches > 0) ? 0 : unused);
				}
			}
		}
	}

	private int count(int comparisons) {
		int last = 0;
		for (int i = 0; i < comparisons; i++) {
			last = this.usage.countUnused();
		}
		return last;
	}

}
