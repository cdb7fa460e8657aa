package io.redmesh.registry.chaos.mesh;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A lease as the registry grants it.
 *
 * @param token proves that a request comes from its holder
 * @param fence which incarnation it belongs to
 * @param renewEvery how often to renew it
 */
record GrantedLease(String token, long fence, Duration renewEvery) {

	/** Reads the body of an answer; null when it grants nothing. */
	static @Nullable GrantedLease read(JsonNode body) {
		JsonNode lease = body.path("lease");
		return !lease.isObject() ? null : new GrantedLease(lease.path("token").asString(), lease.path("fence").asLong(),
				Duration.parse(lease.path("renewEvery").asString()));
	}

}
