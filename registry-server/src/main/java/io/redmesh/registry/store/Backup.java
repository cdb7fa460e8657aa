package io.redmesh.registry.store;

import java.time.Duration;

import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;

/**
 * One line of a backup: an instance, an operator's override of its id, or both.
 *
 * @param service the service
 * @param id the instance's id
 * @param instance the instance with the fence of its lease, 0 if that is unknown; or null
 * if there was none
 * @param ttl the lease that it had asked for
 * @param override the override, or null
 */
public record Backup(String service, String id, @Nullable Instance instance, Duration ttl,
		@Nullable InstanceOverride override) {

}
