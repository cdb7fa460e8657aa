package io.redmesh.registry.catalog;

import java.nio.file.Path;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of what this server keeps in memory, and its copy of the traffic rules on disk.
 *
 * @param maxNamespaces Maximum number of namespaces that this server follows.
 * @param history Number of recent changes of a namespace that are kept for watches that
 * resume or fall behind.
 * @param historySize Maximum size of these changes, in all namespaces together. The
 * minimum is 1MB.
 * @param lookForNamespaces Interval at which this server looks for namespaces that other
 * servers have created.
 * @param rulesOnDisk Whether this server keeps a copy of the traffic rules on disk. From
 * it the server restores rules that the store has lost.
 * @param rulesDirectory Directory of that copy. By default "~/.redmesh/registry-" and the
 * port; a server on a random port then keeps none.
 */
@ConfigurationProperties("mesh.server.catalog")
public record CatalogProperties(@DefaultValue("64") int maxNamespaces, @DefaultValue("16384") int history,
		@DefaultValue("64MB") DataSize historySize, @DefaultValue("5s") Duration lookForNamespaces,
		@DefaultValue("true") boolean rulesOnDisk, @Nullable Path rulesDirectory) {

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
