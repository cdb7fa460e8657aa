package io.redmesh.registry.catalog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.store.Digest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the check that a feed keeps up with the store. */
class FeedWatchdogTests {

	private static final Cursor HERE = new Cursor("l", 2, 10);

	private final ManualTime time = new ManualTime();

	private final FeedWatchdog watchdog = new FeedWatchdog();

	@Test
	void aFeedAtTheStoresCursorIsNeverStuck() {
		assertThat(stuckAfter(HERE, HERE, Duration.ofHours(1))).isEmpty();
	}

	@Test
	void aFeedAheadOfTheDigestIsNotStuck() {
		assertThat(stuckAfter(HERE, HERE.at(9), Duration.ofHours(1))).isEmpty();
		assertThat(stuckAfter(HERE, new Cursor("l", 1, 99), Duration.ofHours(1))).isEmpty();
	}

	@Test
	void aFeedThatStaysBehindIsStuckAfterThirtySecondsAndThenEachTimeTwiceAsLate() {
		assertThat(stuckAfter(HERE, HERE.at(11), Duration.ofSeconds(2_000))).containsExactly(31L, 31L + 61, 92L + 121,
				213L + 241, 454L + 481, 935L + 481, 1416L + 481);
	}

	@Test
	void aFeedThatArrivesWithinThirtySecondsToTheNanosecondIsNotStuck() {
		this.time.forward(Duration.ofNanos(1));
		assertThat(isStuck(HERE, HERE.at(11))).isFalse();
		this.time.forward(Duration.ofSeconds(30));
		assertThat(isStuck(HERE, HERE.at(11))).isFalse();
		this.time.forward(Duration.ofNanos(2));
		assertThat(isStuck(HERE, HERE.at(11))).isTrue();
	}

	@Test
	void aFeedThatHasReadNothingOrAnotherEpochIsBehind() {
		assertThat(stuckAfter(null, HERE, Duration.ofSeconds(40))).containsExactly(31L);
		FeedWatchdogTests later = new FeedWatchdogTests();
		assertThat(later.stuckAfter(HERE, new Cursor("l", 3, 0), Duration.ofSeconds(40))).containsExactly(31L);
		FeedWatchdogTests elsewhere = new FeedWatchdogTests();
		assertThat(elsewhere.stuckAfter(HERE, new Cursor("other", 1, 0), Duration.ofSeconds(40))).containsExactly(31L);
	}

	@Test
	void aFeedThatMovesIsNotStuckHoweverFarItIsBehind() {
		for (int i = 0; i < 1_000; i++) {
			assertThat(isStuck(HERE.at(10 + i / 30), HERE.at(1_000_000))).isFalse();
			this.time.forward(Duration.ofSeconds(1));
		}
	}

	@Test
	void aFeedThatIsOnTimeInBetweenBeginsAgainWithItsWholePatience() {
		assertThat(stuckAfter(HERE, HERE.at(11), Duration.ofSeconds(100))).containsExactly(31L, 92L);
		assertThat(isStuck(HERE.at(11), HERE.at(11))).isFalse();
		assertThat(stuckAfter(HERE.at(11), HERE.at(12), Duration.ofSeconds(40))).containsExactly(31L);
	}

	@Test
	void aFeedThatMovesButStaysBehindKeepsItsLongerPatience() {
		assertThat(stuckAfter(HERE, HERE.at(20), Duration.ofSeconds(40))).containsExactly(31L);
		assertThat(stuckAfter(HERE.at(11), HERE.at(20), Duration.ofSeconds(70))).containsExactly(61L);
	}

	@Test
	void theLagIsTheDifferenceWithinOneEpochAndZeroOtherwise() {
		isStuck(HERE, HERE.at(17));
		assertThat(this.watchdog.lag()).isEqualTo(7);
		isStuck(HERE.at(17), HERE.at(12));
		assertThat(this.watchdog.lag()).isZero();
		isStuck(HERE, HERE.at(11));
		assertThat(this.watchdog.lag()).isOne();
		isStuck(HERE, new Cursor("l", 3, 100));
		assertThat(this.watchdog.lag()).isZero();
		isStuck(HERE, HERE.at(12));
		isStuck(null, HERE.at(100));
		assertThat(this.watchdog.lag()).isZero();
	}

	/** Compares once a second, and returns the seconds at which the feed was stuck. */
	private List<Long> stuckAfter(Cursor here, Cursor store, Duration duration) {
		List<Long> stuck = new ArrayList<>();
		for (long second = 0; second <= duration.toSeconds(); second++) {
			if (isStuck(here, store)) {
				stuck.add(second);
			}
			this.time.forward(Duration.ofSeconds(1));
		}
		return stuck;
	}

	private boolean isStuck(Cursor here, Cursor store) {
		CatalogPosition position = (here != null)
				? new CatalogPosition(here, 1, true, new History(here.revision(), 8, () -> Long.MAX_VALUE)) : null;
		return this.watchdog.isStuck(position, new Digest(store, 1, 1), this.time.nanos());
	}

}
