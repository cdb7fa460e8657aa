package io.redmesh.registry.watch;

import java.util.Random;

import io.redmesh.core.registry.Cursor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of ids of events, which readers send back to any server. */
class EventIdTests {

	private static final Cursor CURSOR = new Cursor("3f", 17, 4);

	@Test
	void idIsACursorAndAMark() {
		assertThat(new EventId(CURSOR, "all")).hasToString("3f.17.4~all");
		assertThat(EventId.parse("3f.17.4~all")).isEqualTo(new EventId(CURSOR, "all"));
		assertThat(EventId.parse("3f.17.4~")).isEqualTo(new EventId(CURSOR, ""));
	}

	@Test
	void whatIsWrittenIsReadBack() {
		Random random = new Random(1);
		for (int i = 0; i < 1_000; i++) {
			EventId id = new EventId(
					new Cursor(Long.toHexString(random.nextLong()), random.nextLong() & Long.MAX_VALUE,
							random.nextLong() & Long.MAX_VALUE),
					random.nextBoolean() ? Integer.toHexString(random.nextInt()) : "");
			assertThat(EventId.parse(id.toString())).isEqualTo(id);
		}
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", "~", "~~", "all", "3f.17.4", "3f.17~all", "3f.17.4.5~all", ".17.4~all", "~3f.17.4",
			"3f.-1.4~all", "3f.17.-4~all", "3f.17.x~all", "3f.17.4 ~all", "3f.17.9223372036854775808~all",
			"3f.99999999999999999999999.4~all", "3f~.17.4~all", "3f.1e3.4~all", "3f.0x1.4~all" })
	void whatIsNoIdIsNull(String text) {
		assertThat(EventId.parse(text)).isNull();
	}

	@Test
	void aCursorThatIsTooLongIsRefusedBeforeItIsRead() {
		assertThat(EventId.parse("x".repeat(95) + ".1.2~all")).isNotNull();
		assertThat(EventId.parse("x".repeat(97) + ".1.2~all")).isNull();
		assertThat(EventId.parse("3f." + "0".repeat(1_000_000) + "1.2~all")).isNull();
		assertThat(EventId.parse("~".repeat(1_000_000))).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "~", "a~b", " ", "%00", "é" })
	void anyMarkIsReadButIsNoMarkOfAnAudience(String mark) {
		assertThat(EventId.parse("3f.17.4~" + mark)).isEqualTo(new EventId(CURSOR, mark));
	}

	@Test
	void textOfAnyBytesNeverFails() {
		Random random = new Random(2);
		String alphabet = "0123456789abf.~-+ \0\uD800é";
		int read = 0;
		for (int i = 0; i < 50_000; i++) {
			StringBuilder text = new StringBuilder();
			for (int length = random.nextInt(14); length > 0; length--) {
				text.append(alphabet.charAt(random.nextInt(alphabet.length())));
			}
			EventId id = EventId.parse(text.toString());
			if (id != null) {
				read++;
				assertThat(id.cursor().epoch()).isNotNegative();
				assertThat(id.cursor().revision()).isNotNegative();
				assertThat(EventId.parse(id.toString())).isEqualTo(id);
			}
		}
		assertThat(read).isPositive();
	}

}
