package io.redmesh.registry.catalog;

import java.time.Duration;
import java.util.stream.Stream;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.store.FeedEvent;
import io.redmesh.registry.store.FeedEvent.Departure;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.StoredInstance;
import io.redmesh.registry.store.StoredRules;

import org.springframework.util.unit.DataSize;

/** A catalog that a test fills by hand. */
public final class CatalogFixture {

	private CatalogFixture() {
	}

	public static NamespaceCatalog catalog(int history, ManualTime time) {
		return catalog(history, time, (namespace, epoch, remembered) -> {
		});
	}

	static NamespaceCatalog catalog(int history, ManualTime time, LossListener losses) {
		return new NamespaceCatalog("default", new HistoryLimits(history, () -> Long.MAX_VALUE), time, losses,
				RuleArchive.NONE);
	}

	/** Creates namespaces that follow a store, without looking for others. */
	public static Namespaces namespaces(RegistryStore store, ManualTime time) {
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		return new Namespaces(store,
				new CatalogProperties(8, 1024, DataSize.ofMegabytes(1), Duration.ofSeconds(5), false, null), time, time,
				new CatalogMetrics(meters), new Restoration(store, time, meters), RuleArchive.NONE);
	}

	public static void reset(NamespaceCatalog catalog, Cursor cursor, Duration incompleteFor, Instance... instances) {
		reset(catalog, cursor, incompleteFor, StoredRules.NONE, instances);
	}

	public static void reset(NamespaceCatalog catalog, Cursor cursor, Duration incompleteFor, StoredRules rules,
			Instance... instances) {
		catalog.apply(
				new FeedEvent.Reset(cursor, Stream.of(instances).map((instance) -> stored(instance, cursor)).toList(),
						rules, incompleteFor, Duration.ZERO));
	}

	public static void changeRule(NamespaceCatalog catalog, FeedEvent.RuleChanged event) {
		catalog.apply(event);
	}

	public static void put(NamespaceCatalog catalog, Cursor cursor, Instance instance) {
		catalog.apply(new FeedEvent.Changed(cursor, instance.service(), instance.id(), stored(instance, cursor), null));
	}

	public static void gone(NamespaceCatalog catalog, Cursor cursor, String service, String id) {
		catalog.apply(new FeedEvent.Changed(cursor, service, id, null, Departure.DEREGISTERED));
	}

	static StoredInstance stored(Instance instance, Cursor changed) {
		return new StoredInstance(instance, null, Duration.ofSeconds(15), "1-x", changed);
	}

}
