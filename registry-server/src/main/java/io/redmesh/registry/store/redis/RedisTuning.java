package io.redmesh.registry.store.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;

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
	 * Sets how soon a lost connection is tried again.
	 * @param resources the resources to change
	 * @return the same
	 */
	static ClientResources.Builder apply(ClientResources.Builder resources) {
		return resources
			.reconnectDelay(Delay.fullJitter(MIN_PAUSE, MAX_PAUSE, MIN_PAUSE.toMillis(), TimeUnit.MILLISECONDS));
	}

}
