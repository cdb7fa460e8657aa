package io.redmesh.autoconfigure.registration;

import java.time.Duration;
import java.time.Instant;

import io.redmesh.core.instance.Instance;
import org.jspecify.annotations.Nullable;

/**
 * How the registration of this instance stands.
 *
 * @param last the last transition, or null before the first
 * @param since when that was
 * @param registered the instance as the registry knows it, or null if it does not
 * @param renewedAt when the registry last confirmed it, or null
 * @param ttl how long it holds without a renewal, or null
 * @param problem what stands in the way, or null
 */
public record RegistrationState(@Nullable RegistrationTransition last, @Nullable Instant since,
		@Nullable Instance registered, @Nullable Instant renewedAt, @Nullable Duration ttl, @Nullable String problem) {

	static final RegistrationState NONE = new RegistrationState(null, null, null, null, null, null);

}
