package io.redmesh.registry.store.redis;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
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
 * A connection to Redis: to a single server, to one behind Sentinel, or to a Cluster.
 *
 * @param connection the connection
 * @param commands its commands
 */
record RedisSession(StatefulConnection<String, String> connection, RedisClusterAsyncCommands<String, String> commands) {

	private static final Pattern REPLICATION_ID = Pattern.compile("master_replid:(\\p{XDigit}+)");

	/**
	 * Connects. Blocks until it has connected or failed.
	 * @param client connects to Redis
	 * @return the session
	 */
	static RedisSession open(AbstractRedisClient client) {
		if (client instanceof RedisClusterClient cluster) {
			// The topology that the client knows may name a server that is gone.
			cluster.refreshPartitions();
			StatefulRedisClusterConnection<String, String> connection = cluster.connect(StringCodec.UTF8);
			return new RedisSession(connection, connection.async());
		}
		StatefulRedisConnection<String, String> connection = ((RedisClient) client).connect(StringCodec.UTF8);
		return new RedisSession(connection, connection.async());
	}

	/**
	 * Signals that the connection broke, for readers that start again rather than wait
	 * for a response that cannot come.
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

	/**
	 * Reads the replication id, which names the history of writes that Redis is in.
	 * @return the id, or empty if it may not be read or a Cluster has several
	 */
	Mono<String> replicationId() {
		if (this.connection instanceof StatefulRedisClusterConnection) {
			return Mono.just("");
		}
		return Mono.fromCompletionStage(() -> this.commands.info("replication")).map((info) -> {
			Matcher id = REPLICATION_ID.matcher(info);
			return id.find() ? id.group(1) : "";
		}).onErrorReturn(RedisCommandExecutionException.class, "");
	}

	Mono<Void> close() {
		return Mono.fromCompletionStage(this.connection::closeAsync);
	}

}
