package io.redmesh.registry.eviction;

import java.time.Duration;

import io.redmesh.registry.store.EvictionRules;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How instances whose lease has ended are found.
 *
 * @param sweep How often this server looks for them.
 * @param limit How many are evicted in a second at most, by all servers together.
 * @param patience How long an instance whose lease has ended is kept as a suspect at
 * most, while too many others end with it or it is the last one of its service; zero to
 * evict all the same.
 */
@ConfigurationProperties("mesh.server.eviction")
public record EvictionProperties(@DefaultValue("1s") Duration sweep, @DefaultValue("200") int limit,
		@DefaultValue("10m") Duration patience) {

	public EvictionProperties {
		if (sweep.toMillis() < 10 || sweep.compareTo(Duration.ofSeconds(2)) > 0) {
			// After a pause of 3 s the store takes it for an outage and grants everybody
			// a grace; jitter and the sweep itself come on top.
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
