package io.redmesh.registry.catalog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import io.redmesh.registry.json.Json;
import io.redmesh.registry.store.Digest;
import io.redmesh.registry.store.StoredInstance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the services of a namespace, their digest, and the views of readers. */
class ServiceTableTests {

	private static final Cursor START = new Cursor("l", 1, 0);

	private final ServiceTable table = new ServiceTable();

	/** The oracle: service, id, and the instance that was put last. */
	private final Map<String, TreeMap<String, CatalogInstance>> oracle = new TreeMap<>();

	private long revision;

	@ParameterizedTest
	@ValueSource(longs = { 11, 12, 13, 14, 15, 16 })
	void anySequenceOfChangesLeavesWhatAPlainMapHolds(long seed) {
		Random random = new Random(seed);
		Map<ServiceView, List<String>> read = new LinkedHashMap<>();
		int generation = 1;
		for (int i = 0; i < 1_500; i++) {
			String service = "s" + random.nextInt(6);
			String id = "i" + random.nextInt(8);
			int dice = random.nextInt(100);
			if (dice < 55) {
				CatalogInstance before = this.table.instance(service, id);
				assertThat(put(service, id, generation, random.nextInt(4) == 0)).isSameAs(before);
			}
			else if (dice < 95) {
				assertThat(this.table.remove(service, id, ++this.revision)).isSameAs(removeFromOracle(service, id));
			}
			else {
				generation += random.nextInt(2);
				dropOlderThan(generation);
			}
			compare();
			ServiceView view = this.table.view(service);
			if (view != null && random.nextInt(10) == 0) {
				read.put(view, describe(view));
			}
		}
		assertThat(read).isNotEmpty().allSatisfy((view, before) -> assertThat(describe(view)).isEqualTo(before));
	}

	@Test
	void aViewIsOfTheRevisionOfItsOwnServiceOnly() {
		put("orders", "a", 1, false);
		ServiceView orders = this.table.view("orders");
		put("stock", "a", 1, false);
		assertThat(this.table.view("orders")).isSameAs(orders);
		assertThat(orders.revision()).isEqualTo(1);
		assertThat(this.table.view("stock").revision()).isEqualTo(2);
		put("orders", "b", 1, false);
		this.table.remove("orders", "a", ++this.revision);
		assertThat(this.table.view("orders").revision()).isEqualTo(4);
	}

	@Test
	void droppingFromAGenerationTouchesOnlyServicesThatLoseAnInstance() {
		put("orders", "a", 1, false);
		put("orders", "b", 2, false);
		put("stock", "a", 2, false);
		ServiceView stock = this.table.view("stock");
		this.table.dropOlderThan(2, 99);
		assertThat(this.table.view("stock")).isSameAs(stock);
		assertThat(this.table.view("orders").revision()).isEqualTo(99);
		assertThat(this.table.view("orders").instances()).extracting((one) -> one.instance().id()).containsExactly("b");
	}

	@Test
	void aRemovalOfWhatIsNotThereCountsNothing() {
		put("orders", "a", 1, false);
		assertThat(this.table.remove("orders", "b", ++this.revision)).isNull();
		assertThat(this.table.remove("stock", "a", ++this.revision)).isNull();
		assertThat(this.table.matches(new Digest(START, 1, 1))).isTrue();
		assertThat(this.table.views()).hasSize(1);
	}

	@Test
	void namedServicesAppearInTheOrderNamedAlsoWithoutInstances() {
		put("orders", "a", 1, false);
		List<ServiceView> views = List.copyOf(this.table.views(List.of("stock", "orders", "absent")));
		assertThat(views).extracting(ServiceView::service).containsExactly("stock", "orders", "absent");
		assertThat(views).extracting(ServiceView::revision).containsExactly(0L, 1L, 0L);
		assertThat(views.get(0).json()).asString().isEqualTo("[]");
	}

	@Test
	void aViewEncodesItsInstancesInOrderOfTheirIds() {
		for (String id : List.of("c", "B", "a10", "a9", "b")) {
			put("orders", id, 1, false);
		}
		JsonNode json = Json.mapper().readTree(this.table.view("orders").json());
		assertThat(json.findValuesAsString("id")).containsExactly("B", "a10", "a9", "b", "c");
		List<CatalogInstance> two = this.table.view("orders").instances().subList(1, 3);
		assertThat(Json.mapper().readTree(ServiceView.array(two)).findValuesAsString("id")).containsExactly("a10",
				"a9");
	}

	private CatalogInstance put(String service, String id, long generation, boolean suspect) {
		Instance instance = Instance.of(service, id, "10.0.0.7", 8080).withSuspect(suspect);
		StoredInstance stored = CatalogFixture.stored(instance, START.at(++this.revision));
		CatalogInstance next = CatalogInstance.of(stored, generation);
		this.oracle.computeIfAbsent(service, (name) -> new TreeMap<>()).put(id, next);
		return this.table.put(next, this.revision);
	}

	private CatalogInstance removeFromOracle(String service, String id) {
		TreeMap<String, CatalogInstance> known = this.oracle.get(service);
		CatalogInstance gone = (known != null) ? known.remove(id) : null;
		if (known != null && known.isEmpty()) {
			this.oracle.remove(service);
		}
		return gone;
	}

	private void dropOlderThan(long generation) {
		this.table.dropOlderThan(generation, this.revision);
		this.oracle.values()
			.forEach((instances) -> instances.values().removeIf((one) -> one.generation() < generation));
		this.oracle.values().removeIf(TreeMap::isEmpty);
	}

	private void compare() {
		List<CatalogInstance> all = this.oracle.values().stream().flatMap((one) -> one.values().stream()).toList();
		long sum = all.stream().mapToLong((one) -> one.stored().changed().revision()).sum();
		assertThat(this.table.size()).isEqualTo(all.size());
		assertThat(this.table.isEmpty()).isEqualTo(all.isEmpty());
		assertThat(this.table.suspects())
			.isEqualTo((int) all.stream().filter((one) -> one.instance().suspect()).count());
		assertThat(this.table.matches(new Digest(START, all.size(), sum))).isTrue();
		assertThat(this.table.matches(new Digest(START, all.size(), sum + 1))).isFalse();
		assertThat(this.table.matches(new Digest(START, all.size() + 1, sum))).isFalse();
		assertThat(this.table.matches(all.stream().map(CatalogInstance::stored).toList())).isTrue();
		assertThat(this.table.views()).extracting(ServiceView::service).containsExactlyElementsOf(this.oracle.keySet());
		this.oracle.forEach((service, instances) -> {
			assertThat(this.table.view(service).instances()).containsExactlyElementsOf(instances.values());
			instances.forEach((id, one) -> assertThat(this.table.instance(service, id)).isSameAs(one));
		});
		assertThat(this.table.view("absent")).isNull();
		assertThat(this.table.instance("s0", "absent")).isNull();
	}

	private static List<String> describe(ServiceView view) {
		List<String> described = new ArrayList<>();
		described.add(view.service() + "@" + view.revision() + Arrays.hashCode(view.json()));
		view.instances().forEach((one) -> described.add(one.stored().toString()));
		return described;
	}

}
