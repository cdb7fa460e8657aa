package io.redmesh.core.registry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import io.redmesh.core.instance.Instance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the order of cursors, of their text, and of the intervals of leases. */
class CursorOrderTests {

	@Test
	void isATotalOrderWithinALineageAndNoneAcrossLineages() {
		List<Cursor> cursors = new ArrayList<>();
		for (String lineage : List.of("3f", "4a")) {
			for (long epoch : new long[] { 0, 1, 2, Long.MAX_VALUE }) {
				for (long revision : new long[] { 0, 1, 7, Long.MAX_VALUE }) {
					cursors.add(new Cursor(lineage, epoch, revision));
				}
			}
		}
		for (int i = 0; i < cursors.size(); i++) {
			for (int j = 0; j < cursors.size(); j++) {
				Cursor one = cursors.get(i);
				Cursor other = cursors.get(j);
				// The list of each lineage is in order.
				boolean same = i / 16 == j / 16;
				assertThat(one.isBefore(other)).as("%s before %s", one, other).isEqualTo(same && i < j);
				assertThat(one.sameLineage(other)).isEqualTo(same);
				assertThat(one.sameEpoch(other)).isEqualTo(i / 4 == j / 4);
			}
		}
	}

	@Test
	void anyCursorSurvivesItsText() {
		SplittableRandom random = new SplittableRandom(9);
		for (int trial = 0; trial < 1_000; trial++) {
			Cursor cursor = new Cursor(new java.util.UUID(random.nextLong(), random.nextLong()).toString(),
					random.nextLong() >>> random.nextInt(1, 64), random.nextLong() >>> random.nextInt(1, 64));
			assertThat(Cursor.parse(cursor.toString())).isEqualTo(cursor);
			assertThat(Cursor.parse(cursor + ".")).isNull();
			assertThat(Cursor.parse(cursor + " ")).isNull();
			assertThat(Cursor.parse("." + cursor)).isNull();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "3f..4", "3f.1.", "3f. 1.4", "3f.1.4 ", "3f.0x1.4", "3f.1,4", "3f.1.4e3",
			"3f.9223372036854775808.1", "3f.1.9223372036854775808" })
	void textThatIsNearlyACursorIsNone(String text) {
		assertThat(Cursor.parse(text)).isNull();
	}

	@Test
	void textThatIsTooLongIsNoCursor() {
		String longest = "x".repeat(96) + ".1.2";
		assertThat(longest).hasSize(100);
		assertThat(Cursor.parse(longest)).isNotNull();
		assertThat(Cursor.parse("x" + longest)).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "3, 1000", "9, 3000", "15, 5000", "16, 5000", "600, 5000" })
	void aLeaseIsRenewedThreeTimesWithinTheShorterOfItsTtlAndTheDefault(int ttl, long renewMillis) {
		Lease lease = Lease.grant(Duration.ofSeconds(ttl), "secret", 7);
		assertThat(lease).isEqualTo(new Lease(Duration.ofSeconds(ttl), Duration.ofMillis(renewMillis), "secret", 7));
	}

	@Test
	void instancesOfASnapshotAreOrderedByIdWhoeverSendsThem() {
		Instance a = Instance.of("orders", "a", "10.0.0.9", 80);
		Instance b = Instance.of("orders", "b", "10.0.0.1", 80);
		List<Instance> sent = new ArrayList<>(List.of(b, a));
		ServiceSnapshot snapshot = new ServiceSnapshot("orders", null, sent);
		sent.clear();
		assertThat(snapshot.instances()).containsExactly(a, b);
		assertThat(snapshot).isEqualTo(new ServiceSnapshot("orders", null, List.of(a, b)));
	}

}
