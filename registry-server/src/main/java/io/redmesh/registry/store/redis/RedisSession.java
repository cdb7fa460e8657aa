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
 * One connection to Redis, be it a single one, one behind Sentinel, or a Cluster.
 *
 * @param connection the connection
 * @param commands what can be asked through it
 */
record RedisSession(StatefulConnection<String, String> connection, RedisClusterAsyncCommands<String, String> commands) {

	private static final Pattern REPLICATION_ID = Pattern.compile("master_replid:(\\p{XDigit}+)");

	/**
	 * Connects. Blocks until that is done.
	 * @param client knows where Redis is
	 * @return the session
	 */
	static RedisSession open(AbstractRedisClient client) {
		if (client instanceof RedisClusterClient cluster) {
			// Whoever comes here seeks, and may have been led to one that is no longer
			// there.
			cluster.refreshPartitions();
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

	/**
	 * Asks Redis which history of writes it is in.
	 * @return its replication id, or empty where one may not ask or there are several
	 */
	Mono<String> replicationId() {
		if (this.connection instanceof StatefulRedisClusterConnection) {
			return Mono.just("");
		}
		return Mono.fromCompletionStage(() -> this.commands.info("replication")).map((said) -> {
			Matcher id = REPLICATION_ID.matcher(said);
			return id.find() ? id.group(1) : "";
		}).onErrorReturn(RedisCommandExecutionException.class, "");
	}

	Mono<Void> close() {
		return Mono.fromCompletionStage(this.connection::closeAsync);
	}

}
