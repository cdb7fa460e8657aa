package io.redmesh.registry.rest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpStatus;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Tests of how a body that arrives in parts becomes lines, and of the limits of both. */
class LineSplitterTests {

	private static final DataSize LARGE = DataSize.ofMegabytes(1);

	private static final int KILOBYTE = 1024;

	@Test
	void randomPartsOfRandomTextGiveTheLinesOfTheText() {
		Random random = new Random(13);
		String alphabet = "\n\n\nab\r \u00fc\u20ac\u0000{}";
		for (int run = 0; run < 3_000; run++) {
			StringBuilder text = new StringBuilder();
			for (int length = random.nextInt(60); length > 0; length--) {
				text.append(alphabet.charAt(random.nextInt(alphabet.length())));
			}
			byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
			LineSplitter splitter = new LineSplitter(LARGE, LARGE);
			List<String> lines = new ArrayList<>();
			for (int begin = 0; begin < bytes.length;) {
				// Parts may be empty, and may end within a character.
				int end = Math.min(bytes.length, begin + random.nextInt(8));
				splitter.add(Arrays.copyOfRange(bytes, begin, end)).forEach((line) -> lines.add(text(line)));
				begin = end;
			}
			lines.add(text(splitter.rest()));
			assertThat(lines).as(text.toString()).containsExactly(text.toString().split("\n", -1));
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 7, 1000, 2 * KILOBYTE })
	void bodyMayBeAsLargeAsItsLimitButNoByteLarger(int part) {
		LineSplitter splitter = new LineSplitter(DataSize.ofKilobytes(2), LARGE);
		int sent = 0;
		while (sent < 2 * KILOBYTE) {
			int next = Math.min(part, 2 * KILOBYTE - sent);
			assertThat(splitter.add(bytes(next))).isEmpty();
			sent += next;
		}
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> splitter.add(bytes(1)))
			.satisfies((ex) -> assertTooLarge(ex, "At most 2 KiB are read"));
	}

	@Test
	void endsOfLinesCountForTheBody() {
		LineSplitter splitter = new LineSplitter(DataSize.ofBytes(3), LARGE);
		assertThat(splitter.add(bytes("\n\n\n"))).hasSize(3);
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> splitter.add(bytes("\n")));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, KILOBYTE })
	void lineMayBeAsLongAsItsLimitButNoByteLonger(int part) {
		LineSplitter splitter = new LineSplitter(LARGE, DataSize.ofKilobytes(1));
		for (int sent = 0; sent < KILOBYTE; sent += part) {
			splitter.add(bytes(Math.min(part, KILOBYTE - sent)));
		}
		assertThat(splitter.add(bytes("\n"))).singleElement().satisfies((line) -> assertThat(line).hasSize(KILOBYTE));
		splitter.add(bytes(KILOBYTE));
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> splitter.add(bytes("x\n")))
			.satisfies((ex) -> assertTooLarge(ex, "line 2: at most 1 KiB are read"));
	}

	@Test
	void lineThatIsTooLongIsNamedByItsNumber() {
		LineSplitter splitter = new LineSplitter(LARGE, DataSize.ofKilobytes(1));
		String lines = "a\n\nb\n" + "x".repeat(KILOBYTE + 1);
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> splitter.add(bytes(lines)))
			.satisfies((ex) -> assertTooLarge(ex, "line 4: at most 1 KiB are read"));
	}

	@Test
	void linesThatEndDoNotAddUp() {
		LineSplitter splitter = new LineSplitter(LARGE, DataSize.ofBytes(4));
		for (int i = 0; i < 100; i++) {
			assertThat(splitter.add(bytes("ab\ncd"))).map(LineSplitterTests::text)
				.containsExactly((i == 0) ? "ab" : "cdab");
		}
		assertThat(text(splitter.rest())).isEqualTo("cd");
		assertThat(splitter.rest()).isEmpty();
	}

	private static void assertTooLarge(ProblemException ex, String detail) {
		assertThat(ex.problem().name()).isEqualTo("body-too-large");
		assertThat(ex.problem().status()).isEqualTo(HttpStatus.CONTENT_TOO_LARGE);
		assertThat(ex.problem().detail()).isEqualTo(detail);
	}

	private static byte[] bytes(int count) {
		return bytes("x".repeat(count));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String text(byte[] line) {
		return new String(line, StandardCharsets.UTF_8);
	}

}
