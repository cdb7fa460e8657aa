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
 * How this store wants Lettuce to behave: an answer or a refusal soon, and no queue that
 * grows while Redis is away.
 */
final class RedisTuning {

	/** How long to wait for an answer, or for a connection, unless configured. */
	static final Duration TIMEOUT = Duration.ofSeconds(2);

	/** The shortest and the longest pause between two attempts to reach Redis. */
	static final Duration MIN_PAUSE = Duration.ofMillis(100);

	static final Duration MAX_PAUSE = Duration.ofSeconds(2);

	private static final Duration REFRESH = Duration.ofSeconds(5);

	private static final int MAX_REQUESTS = 20_000;

	private RedisTuning() {
	}

	/**
	 * Sets what the store relies on.
	 * @param options the options to change
	 * @return the same
	 */
	static ClientOptions.Builder apply(ClientOptions.Builder options) {
		return options.autoReconnect(true)
			.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
			.requestQueueSize(MAX_REQUESTS)
			// A transition whose answer was lost must not happen a second time behind the
			// caller's back.
			.replayFilter((command) -> true);
	}

	/**
	 * Sets how soon a Cluster's fail-over is noticed, unless that is configured. Lettuce
	 * itself would look once, and after a failure again half a minute later.
	 * @param options the options to change
	 * @param configured what is configured
	 */
	static void applyTo(ClusterClientOptions.Builder options, Refresh configured) {
		ClusterTopologyRefreshOptions.Builder refresh = ClusterTopologyRefreshOptions.builder()
			.dynamicRefreshSources(configured.isDynamicRefreshSources())
			.enablePeriodicRefresh((configured.getPeriod() != null) ? configured.getPeriod() : REFRESH)
			.adaptiveRefreshTriggersTimeout(MIN_PAUSE.multipliedBy(5));
		options.topologyRefreshOptions(refresh.build());
	}

	/**
	 * Sets how soon a lost connection is tried again.
	 * @param resources the resources to change
	 * @return the same
	 */
	static ClientResources.Builder apply(ClientResources.Builder resources) {
		return resources
			.reconnectDelay(Delay.fullJitter(MIN_PAUSE, MAX_PAUSE, MIN_PAUSE.toMillis(), TimeUnit.MILLISECONDS));
	}

}
