package io.redmesh.autoconfigure.webclient;

import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The hedging of calls: a call is made a second time while the first is unanswered, and
 * the first response wins.
 *
 * @param <R> the type of the responses
 */
final class Hedge<R> {

	private final Exchange<R> exchange;

	Hedge(Exchange<R> exchange) {
		this.exchange = exchange;
	}

	/**
	 * Hedges a call.
	 * @param call the call, for one subscription
	 * @param delay how long it may be unanswered
	 * @param hedge makes the call a second time, or is empty if it must not
	 * @return the response of the call, or of the hedge if that is good and came first
	 */
	Mono<R> beside(Mono<R> call, Duration delay, Supplier<Mono<R>> hedge) {
		AtomicBoolean answered = new AtomicBoolean();
		AtomicReference<Throwable> failure = new AtomicReference<>();
		// A call that has failed within the delay would fail again.
		Sinks.Empty<Void> failed = Sinks.empty();
		Mono<R> first = call.flatMap((answer) -> takeFirst(answer, answered)).doOnError((ex) -> {
			failure.set(ex);
			failed.tryEmitEmpty();
		});
		Mono<R> second = Mono.delay(delay)
			.takeUntilOther(failed.asMono())
			.flatMap((due) -> hedge.get())
			.flatMap((answer) -> this.exchange.status(answer).is5xxServerError() ? drop(answer)
					: takeFirst(answer, answered))
			.onErrorComplete();
		return Mono.firstWithValue(first, second)
			.onErrorMap(NoSuchElementException.class, (none) -> (failure.get() != null) ? failure.get() : none);
	}

	// Both may be answered in the same moment, and a response that is not read would keep
	// its connection.
	private Mono<R> takeFirst(R answer, AtomicBoolean answered) {
		return answered.compareAndSet(false, true) ? Mono.just(answer) : drop(answer);
	}

	private Mono<R> drop(R answer) {
		return this.exchange.discard(answer).then(Mono.empty());
	}

}
