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
 * The connection to Redis. All transitions share it; a reader that blocks opens a
 * connection of its own.
 * <p>
 * Lettuce connects again when a connection breaks. But a connection to a master that
 * stands still, or that was deposed while it was cut off, does not break. So Redis is
 * sent a ping every half second. While there is no response, other connections are tried,
 * which Sentinel or the Cluster may lead to another master. The first one that works
 * replaces the shared connection.
 * <p>
 * Built on Lettuce's asynchronous commands, not on the templates and connections of
 * Spring Data Redis. Those have different types for a single server, Sentinel and
 * Cluster, and each adds a layer to every command of the hot path. Spring only configures
 * the client.
 */
final class RedisLink implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(RedisLink.class);

	private static final Duration INTERVAL = Duration.ofMillis(500);

	private static final Duration SEEKING_INTERVAL = Duration.ofMillis(250);

	private static final Duration PING_TIMEOUT = Duration.ofSeconds(1);

	// Longer than any command waits for its response by default.
	private static final Duration CLOSE_DELAY = RedisTuning.TIMEOUT.plusSeconds(1);

	private static final Duration SEEK_INTERVAL = Duration.ofSeconds(5);

	// Each attempt may wait until the connect timeout if Redis does not respond.
	private static final int MAX_ATTEMPTS = 8;

	private static final CompletableFuture<RedisSession> TIMED_OUT = CompletableFuture
		.failedFuture(new RedisException("no response within " + PING_TIMEOUT.toMillis() + " ms"));

	private final AbstractRedisClient client;

	private final Timer timer;

	private final Time time;

	private final AtomicInteger attempts = new AtomicInteger();

	private volatile CompletableFuture<RedisSession> shared = new CompletableFuture<>();

	private volatile boolean seeking = true;

	private volatile boolean timedOut;

	private volatile Sinks.Empty<Void> replaced = Sinks.empty();

	private volatile boolean closed;

	private long soughtAt;

	RedisLink(AbstractRedisClient client, Timer timer, Time time) {
		this.client = client;
		this.timer = timer;
		this.time = time;
		this.soughtAt = time.nanos();
		seek();
		check();
	}

	private void check() {
		if (this.closed) {
			return;
		}
		RedisSession session = current();
		if (session != null) {
			ping(session);
		}
		if (this.seeking) {
			seek();
		}
		this.timer.schedule(this.seeking ? SEEKING_INTERVAL : INTERVAL, this::check);
	}

	private void ping(RedisSession session) {
		Scheduled late = this.timer.schedule(PING_TIMEOUT, () -> pingTimedOut(session));
		Mono.fromCompletionStage(session.commands().ping()).subscribe((pong) -> {
			late.cancel();
			stopSeeking(session);
		}, (failure) -> {
			late.cancel();
			startSeeking(session, reasonOf(failure));
		});
	}

	private synchronized void stopSeeking(RedisSession session) {
		if (this.seeking && session.equals(current())) {
			logger.info("Redis responds again");
			this.seeking = false;
			this.timedOut = false;
		}
	}

	/**
	 * Notes that a ping timed out. Further commands are refused at once, rather than made
	 * to wait for a response that will not come.
	 */
	private synchronized void pingTimedOut(RedisSession session) {
		this.timedOut |= session.equals(current());
		startSeeking(session, "no response within " + PING_TIMEOUT.toMillis() + " ms");
	}

	private synchronized void startSeeking(RedisSession session, String reason) {
		if (!this.closed && !this.seeking && session.equals(current())) {
			this.seeking = true;
			logger.warn("Opening another connection to Redis: {}", reason);
			seek();
		}
	}

	/** Looks for another connection although this one responds, but not often. */
	synchronized void seekAnother() {
		long now = this.time.nanos();
		RedisSession session = current();
		if (session != null && now - this.soughtAt > SEEK_INTERVAL.toNanos()) {
			this.soughtAt = now;
			startSeeking(session, "a client has seen a later epoch");
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
		if (this.closed || !this.seeking) {
			session.close().subscribe();
			return;
		}
		RedisSession last = current();
		this.seeking = false;
		this.timedOut = false;
		// Commands wait for the first attempt only, which may have failed already.
		if (!this.shared.complete(session)) {
			this.shared = CompletableFuture.completedFuture(session);
			logger.info("Connected to Redis");
		}
		if (last != null) {
			// Commands in flight may still get their response: slowness is no death.
			this.timer.schedule(CLOSE_DELAY, () -> last.close().subscribe());
			Sinks.Empty<Void> before = this.replaced;
			this.replaced = Sinks.empty();
			before.tryEmitEmpty();
		}
	}

	private void notFound(Throwable failure) {
		if (this.shared.completeExceptionally(failure) && !this.closed) {
			logger.warn("Could not connect to Redis, retrying: {}", reasonOf(failure));
		}
	}

	private @Nullable RedisSession current() {
		CompletableFuture<RedisSession> now = this.shared;
		return (now.isDone() && !now.isCompletedExceptionally()) ? now.join() : null;
	}

	/**
	 * Opens a connection that only the caller uses.
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
	 * Signals that the shared connection was replaced. Owners of other connections then
	 * replace theirs, too.
	 * @return empty, then
	 */
	Mono<Void> replaced() {
		return Mono.defer(() -> this.replaced.asMono());
	}

	/**
	 * Sends commands on the shared connection.
	 * @param call sends the commands
	 * @param <T> the type of the response
	 * @return the response, or {@link StoreUnavailableException}
	 */
	<T> Mono<T> ask(Function<RedisClusterAsyncCommands<String, String>, CompletionStage<T>> call) {
		return Mono.fromFuture(() -> this.timedOut ? TIMED_OUT : this.shared, true)
			.flatMap((session) -> Mono.fromCompletionStage(() -> call.apply(session.commands()))
				.doOnError(RedisLink::isDeposed, (failure) -> startSeeking(session, reasonOf(failure))))
			.onErrorMap(RedisLink::isRedisAway,
					(failure) -> new StoreUnavailableException("Redis: " + reasonOf(failure), failure));
	}

	/** Returns whether Redis responds, but is no longer the master. */
	private static boolean isDeposed(Throwable failure) {
		return LuaScript.isBehind(failure)
				|| (failure.getMessage() != null && failure.getMessage().contains("READONLY "));
	}

	/**
	 * Returns whether Redis is away. Commands that were in flight when a connection was
	 * reset fail with the reset itself.
	 */
	private static boolean isRedisAway(Throwable failure) {
		return failure instanceof RedisException || failure instanceof CancellationException
				|| failure instanceof IOException;
	}

	/**
	 * Returns the reason of a failure, for people to read.
	 * @param failure the failure
	 * @return the message of its root cause
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
