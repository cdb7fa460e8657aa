package io.redmesh.registry.store.memory;

import io.redmesh.core.time.Time;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.StoreProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the store in memory, if there is no other store. */
@AutoConfiguration(afterName = "io.redmesh.registry.store.redis.RedisStoreAutoConfiguration")
@EnableConfigurationProperties(StoreProperties.class)
@ConditionalOnMissingBean(RegistryStore.class)
public final class MemoryStoreAutoConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(MemoryStoreAutoConfiguration.class);

	@Bean
	MemoryRegistryStore registryStore(Time time, StoreProperties properties) {
		String reason = (properties.store() == StoreProperties.Kind.MEMORY) ? "mesh.server.store is memory"
				: "no connection is configured under spring.data.redis";
		logger.info("The registry is kept in memory, for this server only and until it stops: {}", reason);
		return new MemoryRegistryStore(time);
	}

}
