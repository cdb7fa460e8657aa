package io.redmesh.core.traffic;

import java.util.List;
import java.util.SplittableRandom;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the bound of programs, compared with the programs that RE2/J makes. */
class RegexSizeModelTests {

	private static final List<String> PIECES = List.of("a", "b", ".", "(", "(?:", "(?i)", ")", "[", "]", "[^", "^", "$",
			"*", "+", "?", "|", "{2}", "{3,5}", "{0,7}", "{4,}", "{", "}", ",", "\\", "\\d", "\\pL", "\\[", "\\(",
			"\\x41", "\\x{41}", "-", "[:alpha:]", "[a-c]", "[]x]", "\\E");

	private final SplittableRandom random = new SplittableRandom(8);

	@Test
	void programIsNeverMuchLargerThanItsBound() {
		int compiled = 0;
		for (int trial = 0; trial < 200_000; trial++) {
			StringBuilder text = new StringBuilder();
			for (int i = this.random.nextInt(14); i >= 0; i--) {
				text.append(PIECES.get(this.random.nextInt(PIECES.size())));
			}
			long bound = RegexSize.of(text.toString());
			if (bound < 100_000) {
				int size = programSize(text.toString());
				assertThat(size).as(text.toString()).isLessThanOrEqualTo((int) (2 * bound + 4));
				compiled += (size > 0) ? 1 : 0;
			}
		}
		assertThat(compiled).isGreaterThan(10_000);
	}

	private static int programSize(String text) {
		try {
			return Pattern.compile(text).programSize();
		}
		catch (PatternSyntaxException ex) {
			return 0;
		}
	}

}
