package io.redmesh.registry.store.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;

import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties.Lettuce.Cluster.Refresh;

/**
 * Settings of Lettuce that this store relies on: a response or a refusal soon, and no
 * queue that grows while Redis is away.
 */
final class RedisTuning {

	/** The timeout of commands and of connecting, unless configured. */
	static final Duration TIMEOUT = Duration.ofSeconds(2);

	/** The shortest and the longest pause between two attempts to reach Redis. */
	static final Duration MIN_PAUSE = Duration.ofMillis(100);

	static final Duration MAX_PAUSE = Duration.ofSeconds(2);

	private static final Duration REFRESH = Duration.ofSeconds(5);

	private static final int MAX_REQUESTS = 20_000;

	private RedisTuning() {
	}

	/**
	 * Sets the options that the store relies on.
	 * @param options the options to change
	 * @return the same options
	 */
	static ClientOptions.Builder apply(ClientOptions.Builder options) {
		return options.autoReconnect(true)
			.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
			.requestQueueSize(MAX_REQUESTS)
			// A transition whose response was lost must not be repeated without its
			// caller's knowledge.
			.replayFilter((command) -> true);
	}

	/**
	 * Sets how soon a Cluster's fail-over is noticed, unless that is configured. By
	 * itself Lettuce would refresh once, and after a failure again half a minute later.
	 * @param options the options to change
	 * @param configured the configured settings
	 */
	static void applyTo(ClusterClientOptions.Builder options, Refresh configured) {
		ClusterTopologyRefreshOptions.Builder refresh = ClusterTopologyRefreshOptions.builder()
			.dynamicRefreshSources(configured.isDynamicRefreshSources())
			.enablePeriodicRefresh((configured.getPeriod() != null) ? configured.getPeriod() : REFRESH)
			.adaptiveRefreshTriggersTimeout(MIN_PAUSE.multipliedBy(5));
		options.topologyRefreshOptions(refresh.build());
	}

	/**
	 * Sets how soon a lost connection is retried.
	 * @param resources the resources to change
	 * @return the same resources
	 */
	static ClientResources.Builder apply(ClientResources.Builder resources) {
		return resources
			.reconnectDelay(Delay.fullJitter(MIN_PAUSE, MAX_PAUSE, MIN_PAUSE.toMillis(), TimeUnit.MILLISECONDS));
	}

}
