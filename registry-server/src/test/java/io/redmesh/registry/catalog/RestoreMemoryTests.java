package io.redmesh.registry.catalog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.Incarnation;
import io.redmesh.registry.store.Remembered;
import io.redmesh.registry.store.StoredInstance;
import io.redmesh.registry.store.StoredRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of what a server remembers of an epoch that has ended. */
class RestoreMemoryTests {

	private static final Cursor BEFORE = new Cursor("l", 1, 100);

	private static final Cursor NOW = new Cursor("l", 2, 3);

	private final RestoreMemory memory = new RestoreMemory();

	private final ServiceTable table = new ServiceTable();

	@Test
	void instancesThatTheNewEpochHoldsInTheSameOrANewerVersionAreNotMissing() {
		hold("orders", "same", BEFORE);
		hold("orders", "newer", BEFORE.at(50));
		hold("orders", "new-epoch", BEFORE);
		hold("orders", "older", BEFORE);
		hold("orders", "gone", BEFORE.at(7));
		assertThat(missing(stored("orders", "same", BEFORE), stored("orders", "newer", BEFORE.at(51)),
				stored("orders", "new-epoch", NOW.at(1)), stored("orders", "older", BEFORE.at(99))))
			.containsExactlyInAnyOrder(new Remembered.Held(stored("orders", "older", BEFORE)),
					new Remembered.Held(stored("orders", "gone", BEFORE.at(7))));
	}

	@Test
	void instancesOfTwoServicesWithOneIdAreTwo() {
		hold("orders", "a", BEFORE);
		hold("stock", "a", BEFORE);
		assertThat(missing(stored("orders", "a", BEFORE)))
			.containsExactly(new Remembered.Held(stored("stock", "a", BEFORE)));
	}

	@Test
	void departuresAreRememberedWithTheirFenceAndComeBeforeInstances() {
		this.memory.noteDeparture(stored(instance("orders", "left").withFence(7), BEFORE.at(1)), BEFORE.at(60));
		hold("orders", "a", BEFORE);
		assertThat(missing()).containsExactly(new Remembered.Left(new Incarnation("orders", "left", 7), BEFORE.at(60)),
				new Remembered.Held(stored("orders", "a", BEFORE)));
	}

	@Test
	void departuresAreReportedToEachEpochThatFollows() {
		this.memory.noteDeparture(stored("orders", "left", BEFORE.at(1)), BEFORE.at(60));
		assertThat(missing()).hasSize(1);
		assertThat(missing()).hasSize(1);
	}

	@Test
	void theOldestOfTooManyDeparturesIsForgotten() {
		for (int i = 0; i < 4096 + 3; i++) {
			this.memory.noteDeparture(stored("orders", "i" + i, BEFORE.at(1)), BEFORE.at(i));
		}
		assertThat(missing()).hasSize(4096)
			.startsWith(new Remembered.Left(new Incarnation("orders", "i3", 0), BEFORE.at(3)))
			.endsWith(new Remembered.Left(new Incarnation("orders", "i4098", 0), BEFORE.at(4098)));
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5 })
	void putBackTogetherNothingIsLostAndNothingOlderWins(long seed) {
		Random random = new Random(seed);
		Map<String, Cursor> newest = new HashMap<>();
		Map<String, StoredInstance> there = new LinkedHashMap<>();
		for (int i = 0; i < 500; i++) {
			String service = "s" + random.nextInt(5);
			String id = "i" + random.nextInt(40);
			Cursor changed = new Cursor("l", 1 + random.nextInt(2), random.nextInt(100));
			StoredInstance one = stored(service, id, changed);
			if (random.nextBoolean()) {
				this.table.put(CatalogInstance.of(one, 1), i);
			}
			else {
				there.put(service + "/" + id, one);
			}
		}
		Collection<StoredInstance> held = held();
		for (Collection<StoredInstance> side : List.of(held, there.values())) {
			side.forEach((one) -> newest.merge(key(one), one.changed(),
					(first, second) -> first.isBefore(second) ? second : first));
		}
		List<Remembered> missing = missing(there.values().toArray(StoredInstance[]::new));
		Map<String, Cursor> together = new HashMap<>();
		there.forEach((key, one) -> together.put(key, one.changed()));
		for (Remembered remembered : missing) {
			StoredInstance one = ((Remembered.Held) remembered).instance();
			Cursor replaced = together.put(key(one), one.changed());
			assertThat(replaced == null || replaced.isBefore(one.changed())).as(key(one)).isTrue();
		}
		assertThat(together).isEqualTo(newest);
	}

	private Collection<StoredInstance> held() {
		List<StoredInstance> held = new ArrayList<>();
		this.table.views().forEach((view) -> view.instances().forEach((one) -> held.add(one.stored())));
		return held;
	}

	private List<Remembered> missing(StoredInstance... there) {
		return this.memory.missingFrom(
				new FeedEvent.Reset(NOW, List.of(there), StoredRules.NONE, Duration.ofSeconds(15), Duration.ZERO),
				this.table.views());
	}

	private void hold(String service, String id, Cursor changed) {
		this.table.put(CatalogInstance.of(stored(service, id, changed), 1), changed.revision());
	}

	private static String key(StoredInstance one) {
		return one.own().service() + "/" + one.own().id();
	}

	private static StoredInstance stored(String service, String id, Cursor changed) {
		return stored(instance(service, id), changed);
	}

	private static StoredInstance stored(Instance instance, Cursor changed) {
		return CatalogFixture.stored(instance, changed);
	}

	private static Instance instance(String service, String id) {
		return Instance.of(service, id, "10.0.0.7", 8080);
	}

}
