package io.redmesh.registry.store;

import java.time.Duration;

import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;

/**
 * What a backup holds about one id: an instance, what an operator said of it, or both.
 *
 * @param service the service
 * @param id the instance's id
 * @param instance the instance with the fence of its lease, 0 if that is unknown; or null
 * if there was none
 * @param ttl the lease that it had asked for
 * @param override what an operator said of it, or null
 */
public record Backup(String service, String id, @Nullable Instance instance, Duration ttl,
		@Nullable InstanceOverride override) {

}
