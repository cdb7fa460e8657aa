package io.redmesh.registry.rest;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SpellingTests {

	private static final List<String> KNOWN = List.of("host", "port", "metadata");

	@Test
	void theNearestWordIsGuessed() {
		assertThat(Spelling.nearest("hst", KNOWN)).isEqualTo("host");
		assertThat(Spelling.nearest("PORT", KNOWN)).isEqualTo("port");
		assertThat(Spelling.nearest("meta-data", KNOWN)).isEqualTo("metadata");
		assertThat(Spelling.nearest("colour", KNOWN)).isNull();
		assertThat(Spelling.nearest("x".repeat(1000), KNOWN)).isNull();
	}

	@Test
	void distanceCountsEdits() {
		assertThat(Spelling.distance("", "abc")).isEqualTo(3);
		assertThat(Spelling.distance("kitten", "sitting")).isEqualTo(3);
		assertThat(Spelling.distance("same", "same")).isZero();
	}

}
