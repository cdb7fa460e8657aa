package io.redmesh.autoconfigure.registration;

import java.time.Duration;
import java.time.Instant;

import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;

/**
 * The state of this instance's registration.
 *
 * @param last the last transition, or null before the first
 * @param since the time of the last transition, or null before the first
 * @param registered the instance as the registry knows it, or null if it does not
 * @param renewedAt the time at which the registry last confirmed the lease, or null
 * @param ttl the duration of the lease without a renewal, or null
 * @param problem the problem that the last transition reported, or null
 */
public record RegistrationState(@Nullable RegistrationTransition last, @Nullable Instant since,
		@Nullable Instance registered, @Nullable Instant renewedAt, @Nullable Duration ttl, @Nullable String problem) {

	static final RegistrationState NONE = new RegistrationState(null, null, null, null, null, null);

}
