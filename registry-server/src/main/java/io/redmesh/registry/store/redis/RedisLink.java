package io.redmesh.registry.store.redis;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.redmesh.core.time.Backoff;
import io.redmesh.core.time.Timer;
import io.redmesh.registry.store.StoreUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The way to Redis. All transitions share one connection, which is sought in the
 * background until it is there and which Lettuce keeps up from then on; whoever blocks
 * opens one of his own.
 * <p>
 * Built on Lettuce's asynchronous commands themselves, not on the templates and
 * connections of Spring Data Redis: these know a single server, Sentinel and Cluster by
 * different types, and each adds a layer to every command of the hot path. Spring only
 * configures the client.
 */
final class RedisLink implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(RedisLink.class);

	private static final Backoff BACKOFF = new Backoff(RedisTuning.MIN_PAUSE, RedisTuning.MAX_PAUSE);

	private final AbstractRedisClient client;

	private final Timer timer;

	private volatile CompletableFuture<RedisSession> shared = new CompletableFuture<>();

	private volatile boolean closed;

	RedisLink(AbstractRedisClient client, Timer timer) {
		this.client = client;
		this.timer = timer;
		connect(0);
	}

	private void connect(int failures) {
		if (!this.closed) {
			open().subscribe(this::connected, (failure) -> notConnected(failure, failures + 1));
		}
	}

	private void connected(RedisSession session) {
		// Commands wait for the first attempt only; it may have failed already.
		if (!this.shared.complete(session)) {
			this.shared = CompletableFuture.completedFuture(session);
			logger.info("Redis is here now");
		}
		if (this.closed) {
			session.close().subscribe();
		}
	}

	private void notConnected(Throwable failure, int failures) {
		if (this.shared.completeExceptionally(failure) && !this.closed) {
			logger.warn("Redis is not here yet, it is tried again until it is: {}", reasonOf(failure));
		}
		this.timer.schedule(BACKOFF.delay(failures, ThreadLocalRandom.current()), () -> connect(failures));
	}

	/**
	 * Opens a connection of one's own.
	 * @return the session, to be closed by the subscriber
	 */
	Mono<RedisSession> open() {
		return Mono.<RedisSession>create((sink) -> {
			AtomicBoolean unwanted = new AtomicBoolean();
			sink.onCancel(() -> unwanted.set(true));
			try {
				RedisSession session = RedisSession.open(this.client);
				if (unwanted.get()) {
					session.close().subscribe();
				}
				sink.success(session);
			}
			catch (RuntimeException ex) {
				sink.error(ex);
			}
		}).subscribeOn(Schedulers.boundedElastic());
	}

	/**
	 * Asks something on the shared connection.
	 * @param question what to ask
	 * @param <T> the answer's type
	 * @return the answer, or {@link StoreUnavailableException}
	 */
	<T> Mono<T> ask(Function<RedisClusterAsyncCommands<String, String>, CompletionStage<T>> question) {
		return Mono.fromFuture(() -> this.shared, true)
			.flatMap((session) -> Mono.fromCompletionStage(() -> question.apply(session.commands())))
			.onErrorMap(RedisLink::isRedisAway,
					(failure) -> new StoreUnavailableException("Redis: " + reasonOf(failure), failure));
	}

	private static boolean isRedisAway(Throwable failure) {
		return failure instanceof RedisException || failure instanceof CancellationException;
	}

	/**
	 * Returns what to tell people of a failure.
	 * @param failure the failure
	 * @return the message closest to the cause
	 */
	static String reasonOf(Throwable failure) {
		Throwable cause = failure;
		while (cause.getCause() != null) {
			cause = cause.getCause();
		}
		return (cause.getMessage() != null) ? cause.getMessage() : cause.toString();
	}

	@Override
	public void close() {
		this.closed = true;
		CompletableFuture<RedisSession> current = this.shared;
		if (current.isDone() && !current.isCompletedExceptionally()) {
			current.join().close().subscribe();
		}
	}

}
