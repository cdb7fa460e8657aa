package io.redmesh.registry.store;

import java.time.Duration;

import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;

/**
 * A line of a backup: an instance, an operator's override of its id, or both.
 *
 * @param service the service
 * @param id the instance's id
 * @param instance the instance with the fence of its lease, 0 if that is unknown; null if
 * the line has only an override
 * @param ttl the TTL of its lease
 * @param override the override, or null
 */
public record Backup(String service, String id, @Nullable Instance instance, Duration ttl,
		@Nullable InstanceOverride override) {

}
