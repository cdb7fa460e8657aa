package io.redmesh.registry.store.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.redmesh.core.time.ManualTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what is remembered for ten minutes, also compared with a plain list of events.
 */
class TombstonesTests {

	private static final InstanceKey A = new InstanceKey("orders", "a");

	private static final InstanceKey B = new InstanceKey("orders", "b");

	private static final Duration AGE = Duration.ofMinutes(10);

	private final ManualTime time = new ManualTime();

	private final Tombstones tombstones = new Tombstones();

	@Test
	void incarnationIsKeptOutForTenMinutesAndNoLonger() {
		this.tombstones.bury(A, 5, this.time.nanos());
		this.time.forward(AGE);
		assertThat(this.tombstones.contains(A, 5, this.time.nanos())).isTrue();
		assertThat(this.tombstones.contains(A, 4, this.time.nanos())).isFalse();
		assertThat(this.tombstones.contains(B, 5, this.time.nanos())).isFalse();
		this.time.forward(Duration.ofNanos(1));
		assertThat(this.tombstones.contains(A, 5, this.time.nanos())).isFalse();
		assertThat(this.tombstones.isEmpty(this.time.nanos())).isTrue();
	}

	@Test
	void incarnationThatIsBuriedAgainIsKeptOutForAnotherTenMinutes() {
		this.tombstones.bury(A, 5, this.time.nanos());
		this.time.forward(AGE.minusSeconds(1));
		this.tombstones.bury(B, 1, this.time.nanos());
		this.tombstones.bury(A, 5, this.time.nanos());
		this.time.forward(AGE);
		assertThat(this.tombstones.contains(A, 5, this.time.nanos())).isTrue();
		assertThat(this.tombstones.contains(B, 1, this.time.nanos())).as("entered before it").isTrue();
	}

	@Test
	void whatLeftDoesNotComeBackButIsNotKeptOut() {
		this.tombstones.depart(A, 5, this.time.nanos());
		assertThat(this.tombstones.hasLeft(A, 5, this.time.nanos())).isTrue();
		assertThat(this.tombstones.hasLeft(A, 0, this.time.nanos())).isTrue();
		assertThat(this.tombstones.hasLeft(A, 6, this.time.nanos())).isFalse();
		assertThat(this.tombstones.contains(A, 5, this.time.nanos())).isFalse();
		assertThat(this.tombstones.isEmpty(this.time.nanos())).isFalse();
		this.time.forward(AGE.plusNanos(1));
		assertThat(this.tombstones.hasLeft(A, 5, this.time.nanos())).isFalse();
	}

	@Test
	void overridesAndInstancesOfAnIdAreApart() {
		this.tombstones.depart(A, Tombstones.OVERRIDE, this.time.nanos());
		assertThat(this.tombstones.hasLeft(A, Tombstones.OVERRIDE, this.time.nanos())).isTrue();
		assertThat(this.tombstones.hasLeft(A, 0, this.time.nanos())).isFalse();
		this.time.forward(Duration.ofMinutes(6));
		this.tombstones.depart(A, 9, this.time.nanos());
		this.time.forward(Duration.ofMinutes(6));
		assertThat(this.tombstones.hasLeft(A, Tombstones.OVERRIDE, this.time.nanos())).isFalse();
		assertThat(this.tombstones.hasLeft(A, 9, this.time.nanos())).isTrue();
	}

	@Test
	void randomSequencesRememberLikeAListOfEvents() {
		Random random = new Random(34);
		for (int run = 0; run < 200; run++) {
			ManualTime time = new ManualTime();
			Tombstones tombstones = new Tombstones();
			List<Event> events = new ArrayList<>();
			for (int step = 0; step < 60; step++) {
				time.forward(Duration.ofSeconds(random.nextInt(120)));
				InstanceKey key = random.nextBoolean() ? A : B;
				// The mark of an override is never buried.
				boolean buried = random.nextBoolean();
				long fence = random.nextInt(5) - (buried ? 0 : 1);
				if (buried) {
					tombstones.bury(key, fence, time.nanos());
				}
				else {
					tombstones.depart(key, fence, time.nanos());
				}
				events.add(new Event(buried, key, fence, time.nanos()));
				long now = time.nanos();
				for (InstanceKey asked : List.of(A, B)) {
					for (long other = -1; other < 5; other++) {
						assertThat(tombstones.contains(asked, other, now))
							.isEqualTo(contains(events, asked, other, now));
						assertThat(tombstones.hasLeft(asked, other, now)).isEqualTo(hasLeft(events, asked, other, now));
					}
				}
			}
			time.forward(AGE);
			assertThat(tombstones.isEmpty(time.nanos())).isFalse();
			time.forward(Duration.ofNanos(1));
			assertThat(tombstones.isEmpty(time.nanos())).isTrue();
		}
	}

	private static boolean contains(List<Event> events, InstanceKey key, long fence, long now) {
		return events.stream()
			.anyMatch((event) -> event.buried && event.key.equals(key) && event.fence == fence && event.isYoung(now));
	}

	/**
	 * Asks the last departure of the id; those of overrides count only among themselves.
	 */
	private static boolean hasLeft(List<Event> events, InstanceKey key, long fence, long now) {
		Event last = events.stream()
			.filter((event) -> !event.buried && event.key.equals(key) && (event.fence < 0) == (fence < 0))
			.reduce((one, other) -> other)
			.filter((event) -> event.isYoung(now))
			.orElse(null);
		return contains(events, key, fence, now) || (last != null && fence <= last.fence);
	}

	private record Event(boolean buried, InstanceKey key, long fence, long at) {

		boolean isYoung(long now) {
			return now - this.at <= AGE.toNanos();
		}

	}

}
