package io.redmesh.registry.catalog;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What this server keeps in memory.
 *
 * @param maxNamespaces How many namespaces this server follows at most.
 * @param history How many recent changes of a namespace are kept, for watches that resume
 * or fall behind.
 * @param historySize How large these changes may be, of all namespaces together. At least
 * 1MB.
 * @param lookForNamespaces How often this server looks for namespaces that others made.
 */
@ConfigurationProperties("mesh.server.catalog")
public record CatalogProperties(@DefaultValue("64") int maxNamespaces, @DefaultValue("16384") int history,
		@DefaultValue("64MB") DataSize historySize, @DefaultValue("5s") Duration lookForNamespaces) {

	public CatalogProperties {
		if (maxNamespaces < 1) {
			throw new IllegalArgumentException(
					"mesh.server.catalog.max-namespaces: %d (expected: at least 1)".formatted(maxNamespaces));
		}
		if (history < 1 || history > 1 << 24) {
			throw new IllegalArgumentException(
					"mesh.server.catalog.history: %d (expected: 1 to %d)".formatted(history, 1 << 24));
		}
		if (historySize.toMegabytes() < 1) {
			throw new IllegalArgumentException(
					"mesh.server.catalog.history-size: %s (expected: at least 1MB)".formatted(historySize));
		}
		if (lookForNamespaces.toMillis() < 100) {
			throw new IllegalArgumentException("mesh.server.catalog.look-for-namespaces: %s (expected: at least 100ms)"
				.formatted(lookForNamespaces));
		}
	}

}
