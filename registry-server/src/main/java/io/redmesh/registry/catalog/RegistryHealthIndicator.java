package io.redmesh.registry.catalog;

import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Whether this server can serve reads. A store that is away is told as a detail: reads go
 * on, and taking all servers out of service together would help nobody.
 */
final class RegistryHealthIndicator implements HealthIndicator {

	private final Catalog catalog;

	private final StoreProbe probe;

	RegistryHealthIndicator(Catalog catalog, StoreProbe probe) {
		this.catalog = catalog;
		this.probe = probe;
	}

	@Override
	public Health health() {
		Map<String, String> namespaces = new TreeMap<>();
		boolean read = true;
		for (NamespaceCatalog namespace : this.catalog.followed()) {
			Standing standing = namespace.standing();
			read &= standing != null || !namespace.name().equals(Catalog.DEFAULT_NAMESPACE);
			namespaces.put(namespace.name(), described(standing) + guarded(namespace));
		}
		return (read ? Health.up() : Health.outOfService()).withDetail("store", this.probe.store().kind())
			.withDetail("storeReachable", this.probe.isReachable())
			.withDetail("namespaces", namespaces)
			.build();
	}

	private static String guarded(NamespaceCatalog namespace) {
		return namespace.guards().isEmpty() ? "" : ", guarded from evictions by " + namespace.guards();
	}

	private static String described(@Nullable Standing standing) {
		if (standing == null) {
			return "not read yet";
		}
		return (standing.complete() ? "complete" : "something may be missing") + " at " + standing.cursor();
	}

}
