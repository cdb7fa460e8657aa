package io.redmesh.core.registry;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CursorTests {

	private static final Cursor CURSOR = new Cursor("3f", 17, 4);

	@Test
	void isParsedFromItsOwnText() {
		assertThat(CURSOR).hasToString("3f.17.4");
		assertThat(Cursor.parse("3f.17.4")).isEqualTo(CURSOR);
	}

	@ParameterizedTest
	@ValueSource(strings = { "3f.0.0", "3f.9223372036854775807.9223372036854775807", "a-b.1.10" })
	void numberMayBeAtItsLimits(String text) {
		assertThat(Cursor.parse(text)).hasToString(text);
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", ".", "..", "a.b.c", "3f.17", "3f.17.4.5", "3f.-1.4", "3f.1.-4", ".1.2",
			"3f.99999999999999999999.1", "3f.+17.4", "3f.17.+4", "3f.-0.4", "3f.017.4", "3f.17.00", "3f.\u0661\u0667.4",
			"3f.17.\uff14", "3f. 17.4", "3f.17.4 " })
	void textThatIsNoCursorIsParsedAsNull(String text) {
		assertThat(Cursor.parse(text)).isNull();
	}

	@Test
	void isOrderedByEpochThenRevision() {
		assertThat(CURSOR.isBefore(CURSOR)).isFalse();
		assertThat(CURSOR.isBefore(CURSOR.at(5))).isTrue();
		assertThat(CURSOR.isBefore(CURSOR.at(3))).isFalse();
		assertThat(CURSOR.isBefore(new Cursor("3f", 18, 0))).isTrue();
		assertThat(CURSOR.isBefore(new Cursor("3f", 16, 9))).isFalse();
	}

	@Test
	void differentLineagesAreNotComparable() {
		Cursor other = new Cursor("4a", 18, 9);
		assertThat(CURSOR.isBefore(other)).isFalse();
		assertThat(other.isBefore(CURSOR)).isFalse();
		assertThat(CURSOR.sameEpoch(other)).isFalse();
	}

	@Test
	void theTextOfALeaseDoesNotContainItsToken() {
		Lease lease = new Lease(Duration.ofSeconds(15), Duration.ofSeconds(5), "secret", 7);
		assertThat(lease.toString()).doesNotContain("secret").contains("fence=7");
	}

}
