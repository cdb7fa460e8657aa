package io.redmesh.core.loadbalance;

import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class KeyHashTests {

	@Test
	void isTheSameInEveryProcessAndEveryVersion() {
		// FNV-1a of the same texts in the draft is CBF29CE484222325, AF63DC4C8601EC8C and
		// 85944171F73967E8.
		assertThat(KeyHash.of("")).isEqualTo(0xF52A15E9A9B5E89BL);
		assertThat(KeyHash.of("a")).isEqualTo(0x02C0BDBF481420F8L);
		assertThat(KeyHash.of("foobar")).isEqualTo(0x404DA9E3B74078C2L);
	}

	@Test

	void continuesLikeSplitMix64() {
		assertThat(KeyHash.mix(0, 1)).isEqualTo(0xE220A8397B1DCDAFL);
		assertThat(KeyHash.mix(0, 2)).isEqualTo(0x6E789E6AA1B965F4L);
		assertThat(KeyHash.mix(0, 3)).isEqualTo(0x06C45D188009454FL);
	}

	@Test
	void takesAnyCharSequence() {
		assertThat(KeyHash.of(new StringBuilder("foobar"))).isEqualTo(KeyHash.of("foobar"));
	}

	@Test
	void charactersBeyondLatinCountAsAWhole() {
		assertThat(KeyHash.of("\u0161")).isNotEqualTo(KeyHash.of("a"));
	}

	@Test
	void eachBitOfSimilarTextsIsOneHalfOfTheTime() {
		int[] ones = new int[Long.SIZE];
		Set<Long> hashes = new HashSet<>();
		for (int i = 0; i < 10_000; i++) {
			long hash = KeyHash.of("user-" + i);
			hashes.add(hash);
			for (int bit = 0; bit < Long.SIZE; bit++) {
				ones[bit] += (int) (hash >>> bit) & 1;
			}
		}
		assertThat(hashes).hasSize(10_000);
		assertThat(ones).satisfies((counts) -> {
			for (int count : counts) {
				assertThat(count).isBetween(4_800, 5_200);
			}
		});
	}

	@Test
	void oneChangedCharacterChangesHalfOfTheBits() {
		int changed = 0;
		for (int i = 0; i < 1_000; i++) {
			changed += Long.bitCount(KeyHash.of(i + "x") ^ KeyHash.of(i + "y"));
		}
		assertThat(changed / 1_000.0).isBetween(31.5, 32.5);
	}

}
