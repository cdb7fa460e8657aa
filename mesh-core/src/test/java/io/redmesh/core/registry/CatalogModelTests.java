package io.redmesh.core.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the catalog under random events, compared with a map of maps. */
class CatalogModelTests {

	private static final List<String> SERVICES = List.of("billing", "customers", "inventory", "orders");

	private static final Instance BY_HAND = Instance.of("billing", "static-1", "localhost", 8099);

	private final Map<String, Map<String, Instance>> model = new TreeMap<>();

	private final Map<String, Cursor> seenAt = new TreeMap<>();

	private final List<ServiceSnapshot> notified = new ArrayList<>();

	private Cursor known;

	private boolean complete;

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4 })
	void agreesWithAMapAfterEachEvent(int seed) {
		SplittableRandom random = new SplittableRandom(seed);
		boolean fixes = seed % 2 == 0;
		Catalog catalog = fixes ? new Catalog(Map.of("billing", List.of(BY_HAND))) : new Catalog();
		if (fixes) {
			this.model.put("billing", Map.of("static-1", BY_HAND));
		}
		catalog.listen(this.notified::add);
		assertThat(this.notified).hasSize(fixes ? 1 : 0);
		int refused = 0;
		for (int event = 0; event < 400; event++) {
			Map<String, Map<String, Instance>> before = copy();
			Cursor cursor = next(random);
			this.notified.clear();
			boolean accepted = switch (random.nextInt(12)) {
				case 0 -> remember(catalog, services(random));
				case 1, 2 -> snapshot(catalog, cursor, true, services(random));
				case 3, 4 -> snapshot(catalog, cursor, false, services(random));
				default -> delta(catalog, cursor, changes(random));
			};
			refused += accepted ? 0 : 1;
			if (fixes) {
				this.model.put("billing", Map.of("static-1", BY_HAND));
			}
			assertAgree(catalog, before);
		}
		assertThat(refused).isBetween(80, 320);
	}

	private boolean remember(Catalog catalog, Map<String, List<Instance>> services) {
		catalog.remember(services);
		services.forEach((service, instances) -> this.model.computeIfAbsent(service, (none) -> byId(instances)));
		return true;
	}

	private boolean snapshot(Catalog catalog, Cursor cursor, boolean complete, Map<String, List<Instance>> services) {
		boolean older = this.known != null && this.known.lineage().equals(cursor.lineage())
				&& compare(cursor, this.known) < 0;
		assertThat(catalog.snapshot(cursor, complete, services)).isEqualTo(!older);
		if (older) {
			return false;
		}
		if (complete) {
			this.model.replaceAll((service, instances) -> new TreeMap<>());
		}
		services.forEach((service, instances) -> this.model.merge(service, byId(instances), (old, more) -> {
			Map<String, Instance> merged = new TreeMap<>(old);
			merged.putAll(more);
			return merged;
		}));
		this.known = cursor;
		this.complete = complete;
		return true;
	}

	private boolean delta(Catalog catalog, Cursor cursor, List<InstanceChange> changes) {
		boolean continues = this.known != null && this.known.lineage().equals(cursor.lineage())
				&& this.known.epoch() == cursor.epoch() && cursor.revision() > this.known.revision();
		assertThat(catalog.delta(cursor, changes)).isEqualTo(continues);
		if (!continues) {
			return false;
		}
		for (InstanceChange change : changes) {
			Map<String, Instance> instances = new TreeMap<>(this.model.getOrDefault(change.service(), Map.of()));
			if (change.instance() == null) {
				instances.remove(change.id());
			}
			else {
				instances.put(change.id(), change.instance());
			}
			this.model.put(change.service(), instances);
		}
		this.known = cursor;
		return true;
	}

	private void assertAgree(Catalog catalog, Map<String, Map<String, Instance>> before) {
		assertThat(catalog.cursor()).isEqualTo(this.known);
		assertThat(catalog.complete()).isEqualTo(this.complete);
		assertThat(catalog.services()).containsExactlyElementsOf(this.model.keySet());
		Set<String> changed = new TreeSet<>();
		this.model.forEach((service, instances) -> {
			ServiceSnapshot snapshot = catalog.service(service);
			assertThat(snapshot.instances()).containsExactlyElementsOf(instances.values());
			if (!instances.equals(before.get(service))) {
				changed.add(service);
			}
			else {
				assertThat(snapshot.cursor()).as("of what did not change").isEqualTo(this.seenAt.get(service));
			}
			if (snapshot.cursor() != null) {
				this.seenAt.put(service, snapshot.cursor());
			}
		});
		assertThat(this.notified).extracting(ServiceSnapshot::service).containsExactlyElementsOf(changed);
		assertThat(this.notified)
			.allSatisfy((snapshot) -> assertThat(snapshot).isSameAs(catalog.service(snapshot.service())));
	}

	private static int compare(Cursor one, Cursor other) {
		return (one.epoch() != other.epoch()) ? Long.compare(one.epoch(), other.epoch())
				: Long.compare(one.revision(), other.revision());
	}

	private Map<String, Map<String, Instance>> copy() {
		return new TreeMap<>(this.model);
	}

	private Cursor next(SplittableRandom random) {
		if (this.known == null || random.nextInt(50) == 0) {
			return new Cursor("lineage-" + random.nextInt(3), random.nextInt(4), random.nextInt(40));
		}
		return switch (random.nextInt(12)) {
			case 0 -> new Cursor(this.known.lineage(), this.known.epoch() + 1, random.nextInt(9));
			case 1 -> new Cursor(this.known.lineage(), Math.max(0, this.known.epoch() - 1), 1_000);
			case 2 -> this.known;
			case 3 -> this.known.at(Math.max(0, this.known.revision() - random.nextInt(5)));
			default -> this.known.at(this.known.revision() + random.nextInt(1, 4));
		};
	}

	private static Map<String, List<Instance>> services(SplittableRandom random) {
		Map<String, List<Instance>> services = new TreeMap<>();
		for (String service : SERVICES) {
			if (random.nextInt(3) > 0) {
				List<Instance> instances = new ArrayList<>();
				for (int i = 4; i >= 0; i--) {
					if (random.nextBoolean()) {
						instances.add(instance(random, service, i));
					}
				}
				services.put(service, instances);
			}
		}
		return services;
	}

	private static List<InstanceChange> changes(SplittableRandom random) {
		List<InstanceChange> changes = new ArrayList<>();
		for (String service : SERVICES) {
			for (int i = 0; i < 5; i++) {
				switch (random.nextInt(12)) {
					case 0 -> changes.add(InstanceChange.put(instance(random, service, i)));
					case 1 -> changes.add(InstanceChange.gone(service, "i" + i));
					default -> {
						// It does not change.
					}
				}
			}
		}
		return changes;
	}

	private static Instance instance(SplittableRandom random, String service, int number) {
		Instance instance = Instance.of(service, "i" + number, "10.0.0." + (number + 1), 80);
		return (random.nextInt(3) == 0) ? instance.withStatus(Status.DRAINING) : instance;
	}

	private static Map<String, Instance> byId(List<Instance> instances) {
		Map<String, Instance> byId = new TreeMap<>();
		instances.forEach((instance) -> byId.put(instance.id(), instance));
		return byId;
	}

	@Test
	void aWriterWaitsUntilListenersHaveSeenTheChangeOfTheOneBefore() throws Exception {
		Catalog catalog = new Catalog();
		Cursor begin = new Cursor("3f", 1, 0);
		catalog.snapshot(begin, true, Map.of());
		Thread second = new Thread(() -> catalog.delta(begin.at(2), List.of(InstanceChange.put(BY_HAND.withFence(2)))));
		List<Long> seen = new ArrayList<>();
		List<Thread> threads = new ArrayList<>();
		catalog.listen((snapshot) -> {
			if (Thread.currentThread() != second) {
				second.start();
				while (!isHeldUp(second) && second.isAlive()) {
					Thread.onSpinWait();
				}
			}
			seen.add(snapshot.cursor().revision());
			threads.add(Thread.currentThread());
		});
		assertThat(catalog.delta(begin.at(1), List.of(InstanceChange.put(BY_HAND.withFence(1))))).isTrue();
		second.join();
		assertThat(seen).containsExactly(1L, 2L);
		assertThat(threads).containsExactly(Thread.currentThread(), second);
		assertThat(catalog.service("billing").instances()).containsExactly(BY_HAND.withFence(2));
	}

	private static boolean isHeldUp(Thread thread) {
		return thread.getState() == Thread.State.BLOCKED || thread.getState() == Thread.State.WAITING;
	}

}
