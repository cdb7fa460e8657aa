package io.redmesh.registry.catalog;

import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Health of this server: up if it can serve reads. A store that is away is only a detail:
 * reads continue, and taking all servers out of service together would help no client.
 */
final class RegistryHealthIndicator implements HealthIndicator {

	private final Namespaces namespaces;

	private final StoreProbe probe;

	RegistryHealthIndicator(Namespaces namespaces, StoreProbe probe) {
		this.namespaces = namespaces;
		this.probe = probe;
	}

	@Override
	public Health health() {
		Map<String, String> namespaces = new TreeMap<>();
		boolean read = true;
		for (NamespaceCatalog namespace : this.namespaces.followed()) {
			CatalogPosition position = namespace.position();
			read &= position != null || !namespace.name().equals(Namespaces.DEFAULT_NAMESPACE);
			namespaces.put(namespace.name(), described(position) + guarded(namespace));
		}
		return (read ? Health.up() : Health.outOfService()).withDetail("store", this.probe.store().kind())
			.withDetail("storeReachable", this.probe.isReachable())
			.withDetail("namespaces", namespaces)
			.build();
	}

	private static String guarded(NamespaceCatalog namespace) {
		return namespace.guards().isEmpty() ? "" : ", guarded from evictions by " + namespace.guards();
	}

	private static String described(@Nullable CatalogPosition position) {
		if (position == null) {
			return "not read yet";
		}
		return (position.complete() ? "complete" : "something may be missing") + " at " + position.cursor();
	}

}
