package io.redmesh.registry.store.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import reactor.core.publisher.Mono;

/**
 * One connection to Redis, be it a single one, one behind Sentinel, or a Cluster.
 *
 * @param connection the connection
 * @param commands what can be asked through it
 */
record RedisSession(StatefulConnection<String, String> connection, RedisClusterAsyncCommands<String, String> commands) {

	/**
	 * Connects. Blocks until that is done.
	 * @param client knows where Redis is
	 * @return the session
	 */
	static RedisSession open(AbstractRedisClient client) {
		if (client instanceof RedisClusterClient cluster) {
			StatefulRedisClusterConnection<String, String> connection = cluster.connect(StringCodec.UTF8);
			return new RedisSession(connection, connection.async());
		}
		StatefulRedisConnection<String, String> connection = ((RedisClient) client).connect(StringCodec.UTF8);
		return new RedisSession(connection, connection.async());
	}

	/**
	 * Tells when the connection breaks, for those who would rather begin anew than wait
	 * for an answer that cannot come.
	 * @return never a value, an error when it breaks
	 */
	Mono<Void> broken() {
		return Mono.create((sink) -> {
			RedisConnectionStateListener listener = new RedisConnectionStateListener() {

				@Override
				public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
					sink.error(new RedisConnectionException("The connection broke"));
				}

			};
			this.connection.addListener(listener);
			sink.onDispose(() -> this.connection.removeListener(listener));
		});
	}

	Mono<Void> close() {
		return Mono.fromCompletionStage(this.connection::closeAsync);
	}

}
