package io.redmesh.registry.catalog;

import java.util.List;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;

/** Gauges of each namespace that is followed. */
final class CatalogMetrics {

	private static final String PREFIX = "mesh.server.catalog.";

	private final MeterRegistry meters;

	CatalogMetrics(MeterRegistry meters) {
		this.meters = meters;
	}

	/**
	 * Measures a namespace that is followed from now on.
	 * @param namespace the namespace
	 */
	void add(NamespaceCatalog namespace) {
		gauge(PREFIX + "instances", "Instances in memory", namespace, NamespaceCatalog::size);
		gauge(PREFIX + "services", "Services in memory", namespace, (catalog) -> catalog.services().size());
		gauge(PREFIX + "revision", "The last change that was seen", namespace, CatalogMetrics::revision);
		gauge(PREFIX + "lag", "Changes of the store that were not seen yet when it was swept", namespace,
				(catalog) -> catalog.watchdog().lag());
		gauge(PREFIX + "complete", "1 when nothing can be missing", namespace, CatalogMetrics::complete);
		gauge(PREFIX + "suspects", "Instances that are doubted", namespace, NamespaceCatalog::suspects);
		gauge(PREFIX + "guards", "What keeps instances from being evicted", namespace,
				(catalog) -> catalog.guards().size());
	}

	/**
	 * Forgets a namespace that is no longer followed.
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
