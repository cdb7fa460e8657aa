package io.redmesh.registry.store.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.store.Backup;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.InstanceOverride;
import io.redmesh.registry.store.LoadResult;
import io.redmesh.registry.store.Remembered;
import io.redmesh.registry.store.Restored;
import io.redmesh.registry.store.StoredInstance;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of what comes back into a namespace, and of what it finds there. */
class StateRestorerTests {

	private static final Duration TTL = Duration.ofSeconds(30);

	private static final Cursor ORIGIN = new Cursor("lineage", 9, 0);

	private static final Cursor PAST = new Cursor("lineage", 8, 5);

	private static final InstanceKey KEY = new InstanceKey("orders", "a");

	private static final InstanceOverride HIDDEN = new InstanceOverride(Status.OUT_OF_SERVICE, null);

	private static final InstanceOverride LIGHT = new InstanceOverride(null, 1);

	private final ManualTime time = new ManualTime();

	private final List<FeedEvent> feed = new ArrayList<>();

	private final NamespaceState state = new NamespaceState(ORIGIN, this.feed::add);

	private final Tombstones tombstones = new Tombstones();

	private final Fences fences = new Fences(this.time);

	private final StateRestorer restorer = new StateRestorer(this.state, this.tombstones, this.fences, this.time);

	@Test
	void loadedInstanceHasOneTtlAndNoTokenAndLaterFencesExceedItsOwn() {
		long fence = this.time.now().toEpochMilli() + 5_000;
		assertThat(load(fence, null)).isEqualTo(new LoadResult(1, 0));
		Registration loaded = this.state.find(KEY);
		assertThat(loaded.own().fence()).isEqualTo(fence);
		assertThat(loaded.token()).isEmpty();
		assertThat(loaded.isExpired(this.time.nanos() + TTL.toNanos() - 1)).isFalse();
		assertThat(loaded.isExpired(this.time.nanos() + TTL.toNanos())).isTrue();
		assertThat(this.fences.next(0)).isEqualTo(fence + 1);
	}

	@Test
	void fenceOfABackupThatWasInventedCountsAsUnknown() {
		load(this.time.now().plus(Duration.ofDays(366)).toEpochMilli(), null);
		assertThat(this.state.find(KEY).own().fence()).isZero();
		assertThat(this.fences.next(0)).isEqualTo(this.time.now().toEpochMilli());
	}

	@Test
	void overrideThatIsLoadedIsAVisibleChangeOfAnInstanceThatIsThere() {
		load(7, null);
		assertThat(load(7, HIDDEN)).isEqualTo(new LoadResult(0, 1));
		assertThat(load(7, LIGHT)).as("there is one already").isEqualTo(LoadResult.NOTHING);
		assertThat(this.state.instances()).singleElement()
			.satisfies((stored) -> assertThat(stored.override()).isEqualTo(HIDDEN));
		assertThat(this.feed).map(FeedEvent::cursor).containsExactly(ORIGIN.at(1), ORIGIN.at(2));
	}

	@Test
	void whatLeftStaysAwayForTenMinutesAndItsOverrideIsApart() {
		this.tombstones.depart(KEY, 7, this.time.nanos());
		assertThat(load(7, HIDDEN)).isEqualTo(new LoadResult(0, 1));
		this.state.override(KEY, null);
		this.tombstones.depart(KEY, Tombstones.OVERRIDE, this.time.nanos());
		assertThat(load(7, HIDDEN)).isEqualTo(LoadResult.NOTHING);
		assertThat(load(8, HIDDEN)).as("a later incarnation than the one that left").isEqualTo(new LoadResult(1, 0));
		this.time.forward(Duration.ofMinutes(10).plusNanos(1));
		assertThat(load(8, HIDDEN)).isEqualTo(new LoadResult(0, 1));
	}

	@Test
	void restoredInstanceKeepsItsTokenForOneTtlAndIsNoSuspect() {
		StoredInstance there = held(7, LIGHT);
		StoredInstance suspect = new StoredInstance(there.own().withSuspect(true), LIGHT, TTL, "7-x", PAST);
		assertThat(restore(ORIGIN, new Remembered.Held(suspect))).isEqualTo(new Restored(1, 0));
		Registration restored = this.state.find(KEY);
		assertThat(restored.own()).isEqualTo(there.own());
		assertThat(restored.token()).isEqualTo("7-x");
		assertThat(restored.expiresAt()).isEqualTo(this.time.nanos() + TTL.toNanos());
		assertThat(this.state.override(KEY)).isEqualTo(LIGHT);
		assertThat(this.fences.areInUse()).isTrue();
	}

	@Test
	void overrideThatWasSetInTheNewEpochIsNewerThanAnyOfThePast() {
		this.state.override(KEY, HIDDEN);
		restore(ORIGIN, new Remembered.Held(held(7, LIGHT)));
		assertThat(this.state.override(KEY)).isEqualTo(HIDDEN);
	}

	@Test
	void instanceOfTheNewEpochIsNewerThanAnyOfThePast() {
		Instance own = held(7, null).own();
		this.state.put(KEY, new Registration(own, TTL, "7-x", this.time.nanos(), 0, ORIGIN));
		assertThat(restore(ORIGIN, new Remembered.Held(held(6, LIGHT)), new Remembered.Held(held(9, LIGHT)), left(6),
				left(7)))
			.isEqualTo(new Restored(0, 0));
		assertThat(this.state.find(KEY).own()).isEqualTo(own);
		assertThat(this.state.override(KEY)).isNull();
		assertThat(this.feed).hasSize(1);
	}

	@Test
	void departureKeepsItsIncarnationOutAndNoLaterOne() {
		assertThat(restore(ORIGIN, left(7), new Remembered.Held(held(7, null)))).isEqualTo(new Restored(0, 0));
		assertThat(restore(ORIGIN, new Remembered.Held(held(8, null)))).isEqualTo(new Restored(1, 0));
	}

	@Test
	void nothingComesBackIntoAnotherEpoch() {
		for (Cursor other : List.of(new Cursor("lineage", 8, 0), new Cursor("lineage", 10, 0), new Cursor("x", 9, 0))) {
			assertThat(restore(other, left(7), new Remembered.Held(held(7, null)))).isEqualTo(new Restored(0, 0));
		}
		assertThat(this.tombstones.isEmpty(this.time.nanos())).isTrue();
		assertThat(this.feed).isEmpty();
	}

	private LoadResult load(long fence, InstanceOverride override) {
		Instance instance = Instance.of("orders", "a", "10.0.0.7", 8080).withFence(fence);
		return this.restorer.load(List.of(new Backup("orders", "a", instance, TTL, override)));
	}

	private Restored restore(Cursor epoch, Remembered... remembered) {
		return this.restorer.restore(epoch, List.of(remembered));
	}

	private static StoredInstance held(long fence, InstanceOverride override) {
		Instance own = Instance.of("orders", "a", "10.0.0.7", 8080).withFence(fence);
		return new StoredInstance(own, override, TTL, fence + "-x", PAST);
	}

	private static Remembered.Left left(long fence) {
		return new Remembered.Left(new Incarnation("orders", "a", fence), PAST.at(6));
	}

}
