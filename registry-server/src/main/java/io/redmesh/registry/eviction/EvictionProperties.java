package io.redmesh.registry.eviction;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How instances whose lease has ended are found.
 *
 * @param sweep How often this server looks for them.
 * @param limit How many are evicted in one sweep at most.
 */
@ConfigurationProperties("mesh.server.eviction")
public record EvictionProperties(@DefaultValue("1s") Duration sweep, @DefaultValue("200") int limit) {

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
	}

}
