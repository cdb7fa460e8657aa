package io.redmesh.registry.store;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The choice of the store.
 *
 * @param store Store of the registry's data: "redis", "memory" for a single server that
 * forgets everything but the traffic rules when it ends, or "auto" for Redis if a
 * connection is configured under "spring.data.redis", and memory otherwise.
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
