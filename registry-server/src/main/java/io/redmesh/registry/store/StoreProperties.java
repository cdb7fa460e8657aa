package io.redmesh.registry.store;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the registry keeps its truth.
 *
 * @param store Where the registry keeps its truth: "redis", "memory" for a single server
 * that forgets everything when it ends, or "auto" for Redis if a connection is configured
 * under "spring.data.redis", and memory otherwise.
 */
@ConfigurationProperties("mesh.server")
public record StoreProperties(@DefaultValue("auto") Kind store) {

	/** The kinds of store. */
	public enum Kind {

		/** Redis if a connection to one is configured, memory otherwise. */
		AUTO,

		/** Redis. */
		REDIS,

		/** The memory of this process. */
		MEMORY

	}

}
