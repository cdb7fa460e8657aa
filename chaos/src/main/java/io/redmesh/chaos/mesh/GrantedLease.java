package io.redmesh.chaos.mesh;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A lease as the registry grants it.
 *
 * @param token the token, which proves that a request comes from the holder
 * @param fence the fence of the incarnation
 * @param renewEvery the interval between renewals
 */
record GrantedLease(String token, long fence, Duration renewEvery) {

	/** Reads the lease in the body of a response. Returns null when there is none. */
	static @Nullable GrantedLease read(JsonNode body) {
		JsonNode lease = body.path("lease");
		return !lease.isObject() ? null : new GrantedLease(lease.path("token").asString(), lease.path("fence").asLong(),
				Duration.parse(lease.path("renewEvery").asString()));
	}

}
