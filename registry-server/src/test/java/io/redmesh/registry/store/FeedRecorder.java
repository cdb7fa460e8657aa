package io.redmesh.registry.store;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SignalType;

/** A subscriber that records a feed, so that a test can take its events one by one. */
public final class FeedRecorder extends BaseSubscriber<FeedEvent> implements AutoCloseable {

	private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();

	private final long demand;

	private FeedRecorder(long demand) {
		this.demand = demand;
	}

	public static FeedRecorder of(Flux<FeedEvent> feed) {
		return of(feed, Long.MAX_VALUE);
	}

	public static FeedRecorder of(Flux<FeedEvent> feed, long demand) {
		FeedRecorder recorder = new FeedRecorder(demand);
		feed.subscribe(recorder);
		return recorder;
	}

	@Override
	protected void hookOnSubscribe(Subscription subscription) {
		subscription.request(this.demand);
	}

	@Override
	protected void hookOnNext(FeedEvent event) {
		this.seen.add(event);
	}

	@Override
	protected void hookFinally(SignalType type) {
		this.seen.add(type);
	}

	public FeedEvent.Reset nextReset() throws InterruptedException {
		return next(FeedEvent.Reset.class);
	}

	public FeedEvent.Changed nextChange() throws InterruptedException {
		return next(FeedEvent.Changed.class);
	}

	/** Takes the next event, which must be of this type and arrive within 10 s. */
	public <T extends FeedEvent> T next(Class<T> type) throws InterruptedException {
		Object next = this.seen.poll(Duration.ofSeconds(10).toMillis(), TimeUnit.MILLISECONDS);
		if (!type.isInstance(next)) {
			throw new AssertionError("Expected a %s but got %s".formatted(type.getSimpleName(), next));
		}
		return type.cast(next);
	}

	public boolean isQuiet() {
		return this.seen.isEmpty();
	}

	@Override
	public void close() {
		cancel();
	}

}
