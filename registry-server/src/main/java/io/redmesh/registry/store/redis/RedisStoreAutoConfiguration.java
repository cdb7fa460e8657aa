package io.redmesh.registry.store.redis;

import io.redmesh.core.time.Timer;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.StoreProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Keeps the registry in Redis. Stands before Boot's own configuration of Redis, which
 * declares a connection to this machine when nobody else has declared one.
 */
@AutoConfiguration(before = DataRedisAutoConfiguration.class)
@EnableConfigurationProperties(StoreProperties.class)
@ConditionalOnMissingBean(RegistryStore.class)
@Conditional(OnRedisStore.class)
public final class RedisStoreAutoConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(RedisStoreAutoConfiguration.class);

	@Bean
	RedisRegistryStore registryStore(LettuceConnectionFactory connections, Timer timer) {
		logger.info("The registry is kept in Redis, for all servers that share it");
		return new RedisRegistryStore(connections.getRequiredNativeClient(), timer);
	}

	@Bean
	ClientResourcesBuilderCustomizer redisStoreResources() {
		return RedisTuning::apply;
	}

	@Bean
	LettuceClientOptionsBuilderCustomizer redisStoreOptions(DataRedisProperties properties) {
		return (options) -> {
			RedisTuning.apply(options);
			if (properties.getConnectTimeout() == null) {
				options.socketOptions(
						options.build().getSocketOptions().mutate().connectTimeout(RedisTuning.TIMEOUT).build());
			}
		};
	}

	@Bean
	LettuceClientConfigurationBuilderCustomizer redisStoreTimeout(DataRedisProperties properties) {
		return (configuration) -> {
			if (properties.getTimeout() == null) {
				configuration.commandTimeout(RedisTuning.TIMEOUT);
			}
		};
	}

}
