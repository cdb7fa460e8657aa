package io.redmesh.core.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CatalogTests {

	private static final Cursor FIRST = new Cursor("3f", 1, 10);

	private static final Instance A = Instance.of("orders", "a", "10.0.0.1", 80);

	private static final Instance B = Instance.of("orders", "b", "10.0.0.2", 80);

	private static final Instance STOCK = Instance.of("inventory", "s", "10.0.0.3", 80);

	private final Catalog catalog = new Catalog();

	private final List<ServiceSnapshot> notified = new ArrayList<>();

	@Test
	void aFixedServiceStaysAsConfiguredWhateverTheRegistrySays() {
		Instance byHand = Instance.of("orders", "static-1", "localhost", 8099);
		Catalog catalog = new Catalog(Map.of("orders", List.of(byHand)));
		List<ServiceSnapshot> notified = new ArrayList<>();
		catalog.listen(notified::add);
		Cursor begin = new Cursor("lineage", 1, 1);
		catalog.remember(Map.of("orders", List.of(Instance.of("orders", "old", "10.0.0.1", 80))));
		catalog.snapshot(begin, true, Map.of("orders", List.of(Instance.of("orders", "a", "10.0.0.2", 80)), "customers",
				List.of(Instance.of("customers", "a", "10.0.0.3", 80))));
		catalog.delta(begin.at(2), List.of(InstanceChange.put(Instance.of("orders", "b", "10.0.0.4", 80))));
		catalog.delta(begin.at(3), List.of(InstanceChange.gone("orders", "static-1")));
		catalog.snapshot(begin.at(4), true, Map.of());
		assertThat(catalog.service("orders").instances()).containsExactly(byHand);
		assertThat(catalog.isFixed("orders")).isTrue();
		assertThat(catalog.isFixed("customers")).isFalse();
		assertThat(notified).extracting(ServiceSnapshot::service).containsExactly("orders", "customers", "customers");
	}

	@Test
	void aSnapshotBecomesVisibleAndListenersAreNotified() {
		this.catalog.listen(this.notified::add);
		assertThat(this.catalog.snapshot(FIRST, true, Map.of("orders", List.of(B, A)))).isTrue();
		assertThat(instances("orders")).containsExactly(A, B);
		assertThat(this.catalog.cursor()).isEqualTo(FIRST);
		assertThat(this.catalog.complete()).isTrue();
		assertThat(this.notified).extracting(ServiceSnapshot::service).containsExactly("orders");
	}

	@Test
	void aLateListenerIsNotifiedOfKnownServices() {
		this.catalog.snapshot(FIRST, true, Map.of("orders", List.of(A)));
		this.catalog.listen(this.notified::add);
		assertThat(this.notified).extracting(ServiceSnapshot::instances).containsExactly(List.of(A));
	}

	@Test
	void anOlderSnapshotIsRefused() {
		this.catalog.snapshot(FIRST, true, Map.of("orders", List.of(A)));
		assertThat(this.catalog.snapshot(FIRST.at(9), true, Map.of("orders", List.of()))).isFalse();
		assertThat(this.catalog.snapshot(new Cursor("3f", 0, 99), true, Map.of())).isFalse();
		assertThat(instances("orders")).containsExactly(A);
		assertThat(this.catalog.cursor()).isEqualTo(FIRST);
	}

	@Test
	void anotherLineageIsAccepted() {
		this.catalog.snapshot(FIRST, true, Map.of("orders", List.of(A)));
		assertThat(this.catalog.snapshot(new Cursor("4a", 0, 1), true, Map.of("orders", List.of(B)))).isTrue();
		assertThat(instances("orders")).containsExactly(B);
	}

	@Test
	void aServiceMissingFromACompleteSnapshotHasNoInstancesButIsStillKnown() {
		this.catalog.snapshot(FIRST, true, Map.of("orders", List.of(A), "inventory", List.of(STOCK)));
		this.catalog.listen(this.notified::add);
		this.notified.clear();
		this.catalog.snapshot(FIRST.at(11), true, Map.of("orders", List.of(A)));
		assertThat(this.catalog.services()).containsExactly("inventory", "orders");
		assertThat(instances("inventory")).isEmpty();
		assertThat(this.notified).extracting(ServiceSnapshot::service).containsExactly("inventory");
	}

	@Test
	void anIncompleteSnapshotOnlyAddsAndUpdates() {
		this.catalog.snapshot(FIRST, true, Map.of("orders", List.of(A, B), "inventory", List.of(STOCK)));
		Instance changed = A.withStatus(Status.DRAINING);
		this.catalog.snapshot(new Cursor("4a", 9, 1), false, Map.of("orders", List.of(changed)));
		assertThat(instances("orders")).containsExactly(changed, B);
		assertThat(instances("inventory")).containsExactly(STOCK);
		assertThat(this.catalog.complete()).isFalse();
	}

	@Test
	void aDeltaAddsUpdatesAndRemoves() {
		this.catalog.snapshot(FIRST, true, Map.of("orders", List.of(A)));
		assertThat(this.catalog.delta(FIRST.at(13),
				List.of(InstanceChange.gone("orders", "a"), InstanceChange.put(B), InstanceChange.put(STOCK))))
			.isTrue();
		assertThat(instances("orders")).containsExactly(B);
		assertThat(instances("inventory")).containsExactly(STOCK);
		assertThat(this.catalog.cursor()).isEqualTo(FIRST.at(13));
	}

	@Test
	void aDeltaThatDoesNotContinueTheHistoryIsRefused() {
		assertThat(this.catalog.delta(FIRST, List.of(InstanceChange.put(A)))).isFalse();
		this.catalog.snapshot(FIRST, true, Map.of("orders", List.of(A)));
		List<InstanceChange> changes = List.of(InstanceChange.gone("orders", "a"));
		assertThat(this.catalog.delta(FIRST, changes)).isFalse();
		assertThat(this.catalog.delta(FIRST.at(9), changes)).isFalse();
		assertThat(this.catalog.delta(new Cursor("3f", 2, 11), changes)).isFalse();
		assertThat(this.catalog.delta(new Cursor("4a", 1, 11), changes)).isFalse();
		assertThat(instances("orders")).containsExactly(A);
	}

	@Test
	void listenersAreNotNotifiedWithoutAChange() {
		this.catalog.snapshot(FIRST, true, Map.of("orders", List.of(A)));
		this.catalog.listen(this.notified::add);
		this.notified.clear();
		this.catalog.snapshot(FIRST.at(12), true, Map.of("orders", List.of(A)));
		this.catalog.delta(FIRST.at(13), List.of(InstanceChange.put(A)));
		assertThat(this.notified).isEmpty();
		assertThat(this.catalog.cursor()).isEqualTo(FIRST.at(13));
	}

	@Test
	void rememberedInstancesYieldToTheRegistry() {
		this.catalog.remember(Map.of("orders", List.of(A), "inventory", List.of(STOCK)));
		assertThat(this.catalog.cursor()).isNull();
		assertThat(instances("orders")).containsExactly(A);
		this.catalog.snapshot(FIRST, true, Map.of("orders", List.of(B)));
		this.catalog.remember(Map.of("orders", List.of(A)));
		assertThat(instances("orders")).containsExactly(B);
		assertThat(instances("inventory")).isEmpty();
	}

	@Test
	void aFailingListenerDoesNotHideTheChangeFromOtherListeners() {
		this.catalog.listen((snapshot) -> {
			throw new IllegalStateException("on purpose");
		});
		this.catalog.listen(this.notified::add);
		this.catalog.snapshot(FIRST, true, Map.of("orders", List.of(A)));
		assertThat(this.notified).hasSize(1);
		assertThat(instances("orders")).containsExactly(A);
	}

	private List<Instance> instances(String service) {
		ServiceSnapshot snapshot = this.catalog.service(service);
		assertThat(snapshot).isNotNull();
		return snapshot.instances();
	}

}
