package io.redmesh.registry.store.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.redmesh.core.registry.Cursor;
import io.redmesh.core.time.Backoff;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;
import io.redmesh.core.time.Timer.Scheduled;
import io.redmesh.registry.store.FeedEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * A reader of a namespace's feed, on a connection of its own because its reads block. It
 * reads on when its subscriber has taken what was read, so Redis' stream is the only
 * queue. A reader that is behind the stream's oldest entry gets a reset.
 * <p>
 * An id of the stream is epoch and revision, so each entry shows by itself whether it
 * continues what was read before.
 */
final class FeedReader {

	private static final Logger logger = LoggerFactory.getLogger(FeedReader.class);

	private static final Backoff BACKOFF = new Backoff(RedisTuning.MIN_PAUSE, Duration.ofMillis(500));

	private static final Duration MAX_BLOCK = Duration.ofSeconds(1);

	// Each entry may hold a hundred changes.
	private static final int MAX_ENTRIES = 50;

	// Watchers are sent the first change at once, and then what is gathered in a window
	// of this length. Reads follow the same rhythm.
	private static final Duration GATHER = Duration.ofMillis(2);

	private static final Duration SOON = Duration.ofMillis(4);

	private final RedisLink link;

	private final Timer timer;

	private final Time time;

	private final RedisNamespace namespace;

	private final FeedEntries entries;

	// The position up to which it has read, and the one up to which it has emitted.
	private @Nullable Cursor cursor;

	private volatile @Nullable Cursor emitted;

	// Both concern what no entry can show: that history is another one now, or that
	// entries were lost.
	private boolean checkDue;

	private boolean suspicious;

	private int failures;

	private boolean many;

	private long readAt;

	private int rereading;

	private volatile int rereadings;

	private String replid = "";

	// The last time at which Redis was heard of in the history that is followed.
	private long heardAt;

	FeedReader(RedisLink link, Timer timer, Time time, RedisNamespace namespace) {
		this.link = link;
		this.timer = timer;
		this.time = time;
		this.heardAt = time.nanos();
		this.namespace = namespace;
		this.entries = new FeedEntries(namespace);
	}

	/**
	 * Reads for ever.
	 * @return the events, for one subscriber
	 */
	Flux<FeedEvent> events() {
		return Flux.usingWhen(this.link.open(), this::read, RedisSession::close)
			.retryWhen(Retry.from((signals) -> signals.concatMap((signal) -> pause(signal.failure()))))
			.doOnNext(this::noteEmitted);
	}

	/**
	 * Notes what was emitted. Events that were read when the connection broke, or was
	 * replaced, are dropped on their way and must be read again.
	 */
	private void noteEmitted(FeedEvent event) {
		this.emitted = event.cursor();
		if (event instanceof FeedEvent.Reset) {
			this.rereadings = this.rereading;
		}
	}

	private Flux<FeedEvent> read(RedisSession session) {
		this.checkDue = true;
		this.many = false;
		this.cursor = this.emitted;
		this.rereading = this.rereadings;
		return session.replicationId()
			.doOnNext((id) -> this.replid = id)
			.thenMany(Mono.defer(() -> next(session)).repeat())
			.concatMapIterable(Function.identity(), 1)
			.takeUntilOther(session.broken())
			.takeUntilOther(this.link.replaced().then(Mono.error(() -> new RedisConnectionException("Replaced"))));
	}

	private Mono<List<FeedEvent>> next(RedisSession session) {
		Cursor from = this.cursor;
		if (from == null || this.rereading != this.namespace.rereadings()) {
			return reset(session);
		}
		if (this.checkDue) {
			return check(session, from);
		}
		return this.many ? wait(GATHER).then(Mono.defer(() -> changes(session, from))) : changes(session, from);
	}

	private Mono<List<FeedEvent>> reset(RedisSession session) {
		this.rereading = this.namespace.rereadings();
		Duration silence = Duration.ofNanos(this.time.nanos() - this.heardAt);
		return new SnapshotReader(session, this.namespace, this.replid).read(silence).map((reset) -> {
			this.cursor = reset.cursor();
			this.heardAt = this.time.nanos();
			this.checkDue = false;
			this.suspicious = false;
			succeeded();
			return List.of(reset);
		});
	}

	@SuppressWarnings("unchecked")
	private Mono<List<FeedEvent>> changes(RedisSession session, Cursor from) {
		Duration block = session.connection().getTimeout().dividedBy(2);
		XReadArgs arguments = XReadArgs.Builder.count(MAX_ENTRIES)
			.block((block.compareTo(MAX_BLOCK) < 0) ? block : MAX_BLOCK);
		StreamOffset<String> after = StreamOffset.from(this.namespace.feedKey(), from.epoch() + "-" + from.revision());
		// Stays on the connection's thread: there is little to do, and waking another
		// thread costs more.
		return Mono.fromCompletionStage(() -> session.commands().xread(arguments, after)).map((entries) -> {
			succeeded();
			this.heardAt = this.time.nanos();
			this.checkDue = entries.isEmpty();
			long now = this.time.nanos();
			this.many = !entries.isEmpty() && now - this.readAt < SOON.toNanos();
			this.readAt = now;
			this.suspicious &= entries.isEmpty();
			FeedEntries.Changes read = this.entries.changes(entries, from);
			this.cursor = read.last();
			return List.copyOf(read.changes());
		});
	}

	/** Compares the head of history with the position that was read, after a silence. */
	private Mono<List<FeedEvent>> check(RedisSession session, Cursor from) {
		return Mono.fromCompletionStage(() -> LuaScript.HEAD.run(session.commands(), this.replid, this.namespace))
			.map((answer) -> {
				Cursor head = this.namespace.cursorOf(answer);
				boolean level = head.equals(from);
				// A change may have happened since. Then the next read has it; if not, it
				// was lost.
				if (!head.sameEpoch(from) || (!level && this.suspicious)) {
					this.cursor = null;
				}
				else {
					this.heardAt = this.time.nanos();
				}
				this.suspicious = !level;
				this.checkDue = false;
				succeeded();
				return List.of();
			});
	}

	private void succeeded() {
		if (this.failures > 0) {
			logger.info("Following namespace {} again", this.namespace.name());
			this.failures = 0;
		}
	}

	private Mono<Boolean> pause(Throwable failure) {
		this.failures++;
		if (this.failures == 1) {
			logger.warn("Could not follow namespace {}, retrying: {}", this.namespace.name(),
					RedisLink.reasonOf(failure));
		}
		return wait(BACKOFF.delay(this.failures, ThreadLocalRandom.current())).thenReturn(true);
	}

	private Mono<Void> wait(Duration delay) {
		return Mono.create((sink) -> {
			Scheduled wakeUp = this.timer.schedule(delay, sink::success);
			sink.onDispose(wakeUp::cancel);
		});
	}

}
