package io.redmesh.registry.registration;

import java.time.Duration;

import io.redmesh.core.registry.Lease;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits of the leases that this server grants.
 *
 * @param ttl Duration of a lease whose instance asks for no other.
 * @param minTtl Shortest lease that an instance may ask for.
 * @param maxTtl Longest lease that an instance may ask for.
 */
@ConfigurationProperties("mesh.server.lease")
public record LeaseProperties(@DefaultValue("15s") Duration ttl, @DefaultValue("3s") Duration minTtl,
		@DefaultValue("10m") Duration maxTtl) {

	public LeaseProperties {
		if (minTtl.compareTo(Lease.MIN_TTL) < 0 || maxTtl.compareTo(Lease.MAX_TTL) > 0 || ttl.compareTo(minTtl) < 0
				|| ttl.compareTo(maxTtl) > 0) {
			throw new IllegalArgumentException(
					"mesh.server.lease: min-ttl: %s, ttl: %s, max-ttl: %s (expected: %s <= min-ttl <= ttl <= max-ttl <= %s)"
						.formatted(minTtl, ttl, maxTtl, Lease.MIN_TTL, Lease.MAX_TTL));
		}
	}

}
