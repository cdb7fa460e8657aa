package io.redmesh.autoconfigure.webclient;

import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.web.reactive.function.client.ClientResponse;

/**
 * Makes a call a second time while the first is unanswered, and takes what comes first.
 */
final class Hedge {

	private Hedge() {
	}

	/**
	 * Hedges a call.
	 * @param call the call, for one subscription
	 * @param delay how long it may be unanswered
	 * @param hedge makes it a second time, or is empty if it must not
	 * @return the answer of the call, or of the second one if that is good and came first
	 */
	static Mono<ClientResponse> beside(Mono<ClientResponse> call, Duration delay,
			Supplier<Mono<ClientResponse>> hedge) {
		AtomicBoolean answered = new AtomicBoolean();
		AtomicReference<Throwable> failure = new AtomicReference<>();
		// Whoever has failed within the delay would fail again.
		Sinks.Empty<Void> failed = Sinks.empty();
		Mono<ClientResponse> first = call.flatMap((response) -> taken(response, answered)).doOnError((ex) -> {
			failure.set(ex);
			failed.tryEmitEmpty();
		});
		Mono<ClientResponse> second = Mono.delay(delay)
			.takeUntilOther(failed.asMono())
			.flatMap((due) -> hedge.get())
			.flatMap((response) -> response.statusCode().is5xxServerError() ? dropped(response)
					: taken(response, answered))
			.onErrorComplete();
		return Mono.firstWithValue(first, second)
			.onErrorMap(NoSuchElementException.class, (none) -> (failure.get() != null) ? failure.get() : none);
	}

	// Both may be answered in the same moment, and what nobody reads keeps its
	// connection.
	private static Mono<ClientResponse> taken(ClientResponse response, AtomicBoolean answered) {
		return answered.compareAndSet(false, true) ? Mono.just(response) : dropped(response);
	}

	private static Mono<ClientResponse> dropped(ClientResponse response) {
		return response.releaseBody().onErrorComplete().then(Mono.empty());
	}

}
