package io.redmesh.autoconfigure.webclient;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.Function;

import io.redmesh.autoconfigure.call.HttpCall;
import io.redmesh.autoconfigure.call.PendingCall;
import io.redmesh.core.call.NoEndpointException;
import io.redmesh.core.call.Turn;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.scheduler.Schedulers;

/**
 * Makes a call attempt by attempt, without blocking. An answer is handed out as soon as
 * it has begun. For one subscription.
 *
 * @param <R> an answer
 */
final class ReactiveDriver<R> {

	private final Exchange<R> exchange;

	private final AttemptTimeouts timeouts;

	/**
	 * Creates it.
	 * @param exchange carries out the attempts
	 * @param timeouts gives up those that take too long
	 */
	ReactiveDriver(Exchange<R> exchange, AttemptTimeouts timeouts) {
		this.exchange = exchange;
		this.timeouts = timeouts;
	}

	/**
	 * Makes a call as soon as it may begin.
	 * @param pending the call
	 * @return its answer
	 */
	Mono<R> drive(PendingCall pending) {
		try {
			Turn turn = pending.turn();
			return (turn == null) ? made(pending.begin())
					// Other operators may drop an answer when its call is cancelled.
					: Mono.defer(() -> begun(pending)).delaySubscription(inTurn(pending, turn));
		}
		catch (NoEndpointException ex) {
			return Mono.error(ex);
		}
	}

	private Mono<R> begun(PendingCall pending) {
		try {
			return made(pending.begin());
		}
		catch (NoEndpointException ex) {
			return Mono.error(ex);
		}
	}

	// The thread that made room has its own work to do, and might be the next to make
	// room.
	private static Mono<Void> inTurn(PendingCall pending, Turn turn) {
		Mono<Void> comes = Mono.fromFuture(turn.comes(), true).publishOn(Schedulers.parallel());
		Mono<Void> limited = (turn.patience() == Long.MAX_VALUE) ? comes
				: comes.timeout(Duration.ofNanos(turn.patience()), Mono.error(() -> pending.missed(turn)));
		return limited.doOnCancel(turn::leave);
	}

	private Mono<R> made(HttpCall call) {
		Mono<R> made = whole(call);
		return call.hedgeAfter().isZero() ? made : new Hedge<>(this.exchange).beside(made, call.hedgeAfter(),
				() -> Mono.justOrEmpty(call.hedge()).flatMap(this::whole));
	}

	private Mono<R> whole(HttpCall call) {
		return attempt(call).doFinally((signal) -> ended(call, signal));
	}

	private static void ended(HttpCall call, SignalType signal) {
		call.abandon();
		if (signal == SignalType.CANCEL) {
			// The answer, if there is one, was not handed out.
			call.release();
		}
	}

	private Mono<R> attempt(HttpCall call) {
		return limited(call, Mono.defer(() -> this.exchange.send(call)))
			.map((answer) -> call.responded(this.exchange.status(answer), this.exchange.headers(answer))
					? this.exchange.discard(answer).then(another(call))
					: Mono.just(this.exchange.handOut(answer, call)))
			.onErrorResume((failure) -> Mono.just(call.failed(failure) ? another(call) : Mono.error(failure)))
			.flatMap(Function.identity());
	}

	private Mono<R> limited(HttpCall call, Mono<R> attempt) {
		Duration timeout = call.timeout();
		return (timeout == null) ? attempt : this.timeouts.limit(attempt, timeout, () -> tooLong(call, timeout));
	}

	private static IOException tooLong(HttpCall call, Duration timeout) {
		return new SocketTimeoutException("No answer of %s within %s".formatted(call.instance().authority(), timeout));
	}

	private Mono<R> another(HttpCall call) {
		Mono<R> attempt = Mono.defer(() -> attempt(call));
		return call.delay().isZero() ? attempt : attempt.delaySubscription(call.delay());
	}

}
