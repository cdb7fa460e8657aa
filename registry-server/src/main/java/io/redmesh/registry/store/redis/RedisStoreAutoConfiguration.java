package io.redmesh.registry.store.redis;

import io.lettuce.core.cluster.ClusterClientOptions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.StoreProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.resources.LoopResources;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Auto-configuration of the store in Redis. It precedes Boot's own configuration of
 * Redis, which declares a connection to this machine if there is no other.
 */
@AutoConfiguration(before = DataRedisAutoConfiguration.class)
@EnableConfigurationProperties(StoreProperties.class)
@ConditionalOnMissingBean(RegistryStore.class)
@Conditional(OnRedisStore.class)
public final class RedisStoreAutoConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(RedisStoreAutoConfiguration.class);

	@Bean
	RedisRegistryStore registryStore(DataRedisConnectionDetails details, LettuceConnectionFactory connections,
			SharedEventLoop loop, Timer timer, Time time, ObjectProvider<MeterRegistry> meters) {
		requireFailOver(details);
		logger.info("The registry is kept in Redis, for all servers that share it");
		return new RedisRegistryStore(connections.getRequiredNativeClient(), loop.loop(), timer, time,
				new RedisMetrics(meters.getIfAvailable(CompositeMeterRegistry::new), time));
	}

	/**
	 * Refuses static nodes, which name a master for ever: a registry must follow a master
	 * that moves.
	 */
	private static void requireFailOver(DataRedisConnectionDetails details) {
		DataRedisConnectionDetails.MasterReplica nodes = details.getMasterReplica();
		if (nodes != null && details.getSentinel() == null && details.getCluster() == null) {
			throw new InvalidConfigurationPropertyValueException("spring.data.redis.masterreplica.nodes",
					nodes.getNodes(), "The registry follows a master that moves, by spring.data.redis.sentinel.nodes "
							+ "or spring.data.redis.cluster.nodes, or knows a single server by spring.data.redis.url.");
		}
	}

	@Bean
	SharedEventLoop redisLoop(LoopResources loops) {
		return new SharedEventLoop(loops.onServer(LoopResources.DEFAULT_NATIVE).next());
	}

	@Bean
	ClientResourcesBuilderCustomizer redisStoreResources(SharedEventLoop loop) {
		return (resources) -> RedisTuning.apply(resources).eventLoopGroupProvider(loop);
	}

	@Bean
	LettuceClientOptionsBuilderCustomizer redisStoreOptions(DataRedisProperties properties) {
		return (options) -> {
			RedisTuning.apply(options);
			if (options instanceof ClusterClientOptions.Builder cluster) {
				RedisTuning.applyTo(cluster, properties.getLettuce().getCluster().getRefresh());
			}
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
