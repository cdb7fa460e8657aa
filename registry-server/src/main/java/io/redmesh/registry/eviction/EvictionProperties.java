package io.redmesh.registry.eviction;

import java.time.Duration;

import io.redmesh.registry.store.EvictionRules;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Interval and limits of evictions.
 *
 * @param sweep Interval of the sweeps that evict instances whose lease has ended.
 * @param limit Maximum number of evictions in one second, by all servers together.
 * @param patience Maximum time that an instance whose lease has ended is kept as a
 * suspect. It is kept while too many leases end with it, or while it is the last instance
 * of its service. Zero evicts it all the same.
 */
@ConfigurationProperties("mesh.server.eviction")
public record EvictionProperties(@DefaultValue("1s") Duration sweep, @DefaultValue("200") int limit,
		@DefaultValue("10m") Duration patience) {

	public EvictionProperties {
		if (sweep.toMillis() < 10 || sweep.compareTo(Duration.ofSeconds(2)) > 0) {
			// After a pause of 3 s the store assumes an outage and grants all instances
			// grace. Jitter and the sweep itself come on top of the interval.
			throw new IllegalArgumentException(
					"mesh.server.eviction.sweep: %s (expected: 10ms to 2s)".formatted(sweep));
		}
		if (limit < 1) {
			throw new IllegalArgumentException(
					"mesh.server.eviction.limit: %d (expected: at least 1)".formatted(limit));
		}
		if (patience.isNegative()) {
			throw new IllegalArgumentException(
					"mesh.server.eviction.patience: %s (expected: zero or more)".formatted(patience));
		}
	}

	EvictionRules rules() {
		return new EvictionRules(this.limit, this.patience);
	}

}
