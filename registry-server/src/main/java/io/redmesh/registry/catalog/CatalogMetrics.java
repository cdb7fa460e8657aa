package io.redmesh.registry.catalog;

import java.util.List;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;

/** The gauges of each followed namespace. */
final class CatalogMetrics {

	private static final String PREFIX = "mesh.server.catalog.";

	private final MeterRegistry meters;

	CatalogMetrics(MeterRegistry meters) {
		this.meters = meters;
	}

	/**
	 * Registers the gauges of a namespace.
	 * @param namespace the namespace, followed from now on
	 */
	void add(NamespaceCatalog namespace) {
		gauge(PREFIX + "instances", "Instances in memory", namespace, NamespaceCatalog::size);
		gauge(PREFIX + "services", "Services in memory", namespace, (catalog) -> catalog.services().size());
		gauge(PREFIX + "rules", "Traffic rules in memory", namespace,
				(catalog) -> catalog.rules().stored().rules().size());
		gauge(PREFIX + "revision", "Revision of the last change that was read", namespace, CatalogMetrics::revision);
		gauge(PREFIX + "lag", "Changes in the store that were not read yet at the last sweep", namespace,
				(catalog) -> catalog.watchdog().lag());
		gauge(PREFIX + "complete", "1 when no instance can be missing", namespace, CatalogMetrics::complete);
		gauge(PREFIX + "suspects", "Instances that are suspects", namespace, NamespaceCatalog::suspects);
		gauge(PREFIX + "guards", "Guards that keep instances from being evicted", namespace,
				(catalog) -> catalog.guards().size());
	}

	/**
	 * Removes the gauges of a namespace that is no longer followed.
	 * @param namespace the namespace
	 */
	void remove(NamespaceCatalog namespace) {
		List.copyOf(this.meters.getMeters())
			.stream()
			.map(Meter::getId)
			.filter((id) -> id.getName().startsWith(PREFIX) && namespace.name().equals(id.getTag("namespace")))
			.forEach(this.meters::remove);
	}

	private void gauge(String name, String description, NamespaceCatalog namespace,
			ToDoubleFunction<NamespaceCatalog> value) {
		Gauge.builder(name, namespace, value)
			.description(description)
			.tag("namespace", namespace.name())
			.register(this.meters);
	}

	private static double revision(NamespaceCatalog namespace) {
		CatalogPosition position = namespace.position();
		return (position != null) ? position.revision() : 0;
	}

	private static double complete(NamespaceCatalog namespace) {
		CatalogPosition position = namespace.position();
		return (position != null && position.complete()) ? 1 : 0;
	}

}
