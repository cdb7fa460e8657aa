package io.redmesh.registry.catalog;

import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Gauges of each namespace that is followed. */
final class CatalogMetrics implements Consumer<NamespaceCatalog> {

	private final MeterRegistry meters;

	CatalogMetrics(MeterRegistry meters) {
		this.meters = meters;
	}

	@Override
	public void accept(NamespaceCatalog namespace) {
		gauge("mesh.server.catalog.instances", "Instances in memory", namespace, NamespaceCatalog::size);
		gauge("mesh.server.catalog.services", "Services in memory", namespace, (catalog) -> catalog.services().size());
		gauge("mesh.server.catalog.revision", "The last change that was seen", namespace, CatalogMetrics::revision);
		gauge("mesh.server.catalog.complete", "1 when nothing can be missing", namespace, CatalogMetrics::complete);
	}

	private void gauge(String name, String description, NamespaceCatalog namespace,
			ToDoubleFunction<NamespaceCatalog> value) {
		Gauge.builder(name, namespace, value)
			.description(description)
			.tag("namespace", namespace.name())
			.register(this.meters);
	}

	private static double revision(NamespaceCatalog namespace) {
		Standing standing = namespace.standing();
		return (standing != null) ? standing.revision() : 0;
	}

	private static double complete(NamespaceCatalog namespace) {
		Standing standing = namespace.standing();
		return (standing != null && standing.complete()) ? 1 : 0;
	}

}
