package io.redmesh.autoconfigure.webclient;

import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Makes a call a second time while the first is unanswered, and takes what comes first.
 *
 * @param <R> an answer
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
	 * @param hedge makes it a second time, or is empty if it must not
	 * @return the answer of the call, or of the second one if that is good and came first
	 */
	Mono<R> beside(Mono<R> call, Duration delay, Supplier<Mono<R>> hedge) {
		AtomicBoolean answered = new AtomicBoolean();
		AtomicReference<Throwable> failure = new AtomicReference<>();
		// A call that has failed within the delay would fail again.
		Sinks.Empty<Void> failed = Sinks.empty();
		Mono<R> first = call.flatMap((answer) -> taken(answer, answered)).doOnError((ex) -> {
			failure.set(ex);
			failed.tryEmitEmpty();
		});
		Mono<R> second = Mono.delay(delay)
			.takeUntilOther(failed.asMono())
			.flatMap((due) -> hedge.get())
			.flatMap((answer) -> this.exchange.status(answer).is5xxServerError() ? dropped(answer)
					: taken(answer, answered))
			.onErrorComplete();
		return Mono.firstWithValue(first, second)
			.onErrorMap(NoSuchElementException.class, (none) -> (failure.get() != null) ? failure.get() : none);
	}

	// Both may be answered in the same moment, and an answer that is not read keeps its
	// connection.
	private Mono<R> taken(R answer, AtomicBoolean answered) {
		return answered.compareAndSet(false, true) ? Mono.just(answer) : dropped(answer);
	}

	private Mono<R> dropped(R answer) {
		return this.exchange.discard(answer).then(Mono.empty());
	}

}
