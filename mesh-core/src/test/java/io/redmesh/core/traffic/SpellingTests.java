package io.redmesh.core.traffic;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SpellingTests {

	private static final List<String> KNOWN = List.of("timeout", "retries", "route", "mirror", "mirrors");

	@Test
	void theNearestWordIsGuessed() {
		assertThat(Spelling.nearest("timeot", KNOWN)).isEqualTo("timeout");
		assertThat(Spelling.nearest("ROUTES", KNOWN)).isEqualTo("route");
		assertThat(Spelling.nearest("colour", KNOWN)).isNull();
		assertThat(Spelling.nearest("timeout".repeat(20), KNOWN)).isNull();
	}

	@Test
	void severalWordsComeNearestFirst() {
		assertThat(Spelling.nearest("mirrorz", KNOWN, 3)).containsExactly("mirror", "mirrors");
		assertThat(Spelling.nearest("mirrors", KNOWN, 1)).containsExactly("mirrors");
	}

}
