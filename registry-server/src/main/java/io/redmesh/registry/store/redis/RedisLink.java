package io.redmesh.registry.store.redis;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import io.redmesh.core.time.Timer.Scheduled;
import io.redmesh.registry.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * The way to Redis. All transitions share one connection; whoever blocks opens one of his
 * own.
 * <p>
 * Lettuce connects anew when a connection breaks. But one to a master that stands still,
 * or that was deposed while it was cut off, does not break: it is asked every half second
 * whether it still answers, and while it does not, another one is sought, which Sentinel
 * or the Cluster may lead elsewhere. The first one that answers takes its place.
 * <p>
 * Built on Lettuce's asynchronous commands themselves, not on the templates and
 * connections of Spring Data Redis: these know a single server, Sentinel and Cluster by
 * different types, and each adds a layer to every command of the hot path. Spring only
 * configures the client.
 */
final class RedisLink implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(RedisLink.class);

	private static final Duration INTERVAL = Duration.ofMillis(500);

	private static final Duration SEEKING_INTERVAL = Duration.ofMillis(250);

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	// Longer than any command waits for its answer by default.
	private static final Duration FAREWELL = RedisTuning.TIMEOUT.plusSeconds(1);

	private static final Duration SEEK_INTERVAL = Duration.ofSeconds(5);

	// Each may wait for a Redis that does not answer until the connect timeout.
	private static final int MAX_ATTEMPTS = 8;

	private static final CompletableFuture<RedisSession> SILENT = CompletableFuture
		.failedFuture(new RedisException("no answer within " + PATIENCE.toMillis() + " ms"));

	private final AbstractRedisClient client;

	private final Timer timer;

	private final Time time;

	private final AtomicInteger attempts = new AtomicInteger();

	private volatile CompletableFuture<RedisSession> shared = new CompletableFuture<>();

	private volatile boolean doubted = true;

	private volatile boolean silent;

	private volatile Sinks.Empty<Void> replaced = Sinks.empty();

	private volatile boolean closed;

	private long soughtAt;

	RedisLink(AbstractRedisClient client, Timer timer, Time time) {
		this.client = client;
		this.timer = timer;
		this.time = time;
		this.soughtAt = time.nanos();
		seek();
		look();
	}

	private void look() {
		if (this.closed) {
			return;
		}
		RedisSession session = current();
		if (session != null) {
			ping(session);
		}
		if (this.doubted) {
			seek();
		}
		this.timer.schedule(this.doubted ? SEEKING_INTERVAL : INTERVAL, this::look);
	}

	private void ping(RedisSession session) {
		Scheduled late = this.timer.schedule(PATIENCE, () -> silent(session));
		Mono.fromCompletionStage(session.commands().ping()).subscribe((pong) -> {
			late.cancel();
			trust(session);
		}, (failure) -> {
			late.cancel();
			doubt(session, reasonOf(failure));
		});
	}

	private synchronized void trust(RedisSession session) {
		if (this.doubted && session.equals(current())) {
			logger.info("Redis answers again");
			this.doubted = false;
			this.silent = false;
		}
	}

	/**
	 * Who asks now is refused at once, rather than made to wait for what will not come.
	 */
	private synchronized void silent(RedisSession session) {
		this.silent |= session.equals(current());
		doubt(session, "no answer within " + PATIENCE.toMillis() + " ms");
	}

	private synchronized void doubt(RedisSession session, String reason) {
		if (!this.closed && !this.doubted && session.equals(current())) {
			this.doubted = true;
			logger.warn("Redis does not answer, another connection is sought: {}", reason);
			seek();
		}
	}

	/** Looks for another connection although this one answers, but not often. */
	synchronized void seekAnother() {
		long now = this.time.nanos();
		RedisSession session = current();
		if (session != null && now - this.soughtAt > SEEK_INTERVAL.toNanos()) {
			this.soughtAt = now;
			doubt(session, "a later epoch was seen elsewhere");
		}
	}

	private void seek() {
		if (this.attempts.get() >= MAX_ATTEMPTS) {
			return;
		}
		this.attempts.incrementAndGet();
		open().doFinally((signal) -> this.attempts.decrementAndGet()).subscribe(this::found, this::notFound);
	}

	private synchronized void found(RedisSession session) {
		if (this.closed || !this.doubted) {
			session.close().subscribe();
			return;
		}
		RedisSession last = current();
		this.doubted = false;
		this.silent = false;
		// Commands wait for the first attempt only; it may have failed already.
		if (!this.shared.complete(session)) {
			this.shared = CompletableFuture.completedFuture(session);
			logger.info("Redis is here now");
		}
		if (last != null) {
			// What is under way may yet be answered: slowness is no death.
			this.timer.schedule(FAREWELL, () -> last.close().subscribe());
			Sinks.Empty<Void> before = this.replaced;
			this.replaced = Sinks.empty();
			before.tryEmitEmpty();
		}
	}

	private void notFound(Throwable failure) {
		if (this.shared.completeExceptionally(failure) && !this.closed) {
			logger.warn("Redis is not here yet, it is tried again until it is: {}", reasonOf(failure));
		}
	}

	private @Nullable RedisSession current() {
		CompletableFuture<RedisSession> now = this.shared;
		return (now.isDone() && !now.isCompletedExceptionally()) ? now.join() : null;
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
	 * Tells when the shared connection has been replaced, so that those who have one of
	 * their own seek another one, too.
	 * @return empty, then
	 */
	Mono<Void> replaced() {
		return Mono.defer(() -> this.replaced.asMono());
	}

	/**
	 * Asks something on the shared connection.
	 * @param question what to ask
	 * @param <T> the answer's type
	 * @return the answer, or {@link StoreUnavailableException}
	 */
	<T> Mono<T> ask(Function<RedisClusterAsyncCommands<String, String>, CompletionStage<T>> question) {
		return Mono.fromFuture(() -> this.silent ? SILENT : this.shared, true)
			.flatMap((session) -> Mono.fromCompletionStage(() -> question.apply(session.commands()))
				.doOnError(RedisLink::isDeposed, (failure) -> doubt(session, reasonOf(failure))))
			.onErrorMap(RedisLink::isRedisAway,
					(failure) -> new StoreUnavailableException("Redis: " + reasonOf(failure), failure));
	}

	/** It answers, but is no longer the one to ask. */
	private static boolean isDeposed(Throwable failure) {
		return LuaScript.isBehind(failure)
				|| (failure.getMessage() != null && failure.getMessage().contains("READONLY "));
	}

	/** What was under way when a connection was reset fails with the reset itself. */
	private static boolean isRedisAway(Throwable failure) {
		return failure instanceof RedisException || failure instanceof CancellationException
				|| failure instanceof IOException;
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
	public synchronized void close() {
		this.closed = true;
		RedisSession current = current();
		if (current != null) {
			current.close().subscribe();
		}
	}

}
