package io.redmesh.autoconfigure.webclient;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import io.redmesh.autoconfigure.call.HttpCall;
import io.redmesh.autoconfigure.call.PendingCall;
import io.redmesh.autoconfigure.call.RuleResponse;
import io.redmesh.core.call.NoEndpointException;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.scheduler.Schedulers;

/**
 * The driver of a reactive call, which makes its attempts without blocking. A response is
 * handed out as soon as it has begun. For one subscription.
 *
 * @param <R> the type of the responses
 */
final class ReactiveDriver<R> {

	private final Exchange<R> exchange;

	private final AttemptTimeouts timeouts;

	/**
	 * Creates a driver.
	 * @param exchange the exchange that carries out the attempts
	 * @param timeouts the timeouts of the attempts
	 */
	ReactiveDriver(Exchange<R> exchange, AttemptTimeouts timeouts) {
		this.exchange = exchange;
		this.timeouts = timeouts;
	}

	/**
	 * Makes a call as soon as it has a permit.
	 * @param pending the call
	 * @return the response
	 */
	Mono<R> drive(PendingCall pending) {
		try {
			CompletableFuture<?> granted = pending.acquirePermit();
			return (granted == null) ? makeCall(pending.begin())
					// Other operators may drop a response when its call is cancelled.
					: Mono.defer(() -> begin(pending)).delaySubscription(awaitPermit(pending, granted));
		}
		catch (NoEndpointException ex) {
			return Mono.error(ex);
		}
	}

	private Mono<R> begin(PendingCall pending) {
		try {
			return makeCall(pending.begin());
		}
		catch (NoEndpointException ex) {
			return Mono.error(ex);
		}
	}

	// On a thread of its own: the thread that returned its permit has its own work to do,
	// and might be the next to return one.
	private static Mono<Void> awaitPermit(PendingCall pending, CompletableFuture<?> granted) {
		Mono<Void> wait = Mono.fromFuture(granted, true).then().publishOn(Schedulers.parallel());
		long timeLeft = pending.timeLeft();
		Mono<Void> limited = (timeLeft == Long.MAX_VALUE) ? wait
				: wait.timeout(Duration.ofNanos(timeLeft), Mono.error(pending::permitTimedOut));
		return limited.doOnCancel(pending::abandon);
	}

	private Mono<R> makeCall(HttpCall call) {
		Mono<R> made = makeAttempts(call);
		return call.hedgeAfter().isZero() ? made : new Hedge<>(this.exchange).beside(made, call.hedgeAfter(),
				() -> Mono.justOrEmpty(call.hedge()).flatMap(this::makeAttempts));
	}

	private Mono<R> makeAttempts(HttpCall call) {
		// Only rules delay a first attempt.
		Mono<R> first = call.delay().isZero() ? attempt(call) : nextAttempt(call);
		return first.doFinally((signal) -> end(call, signal));
	}

	private static void end(HttpCall call, SignalType signal) {
		call.abandon();
		if (signal == SignalType.CANCEL) {
			// The response, if there is one, was not handed out.
			call.release();
		}
	}

	private Mono<R> attempt(HttpCall call) {
		return withTimeout(call, Mono.defer(() -> send(call)))
			.map((answer) -> call.responded(this.exchange.status(answer), this.exchange.headers(answer))
					? this.exchange.discard(answer).then(nextAttempt(call))
					: Mono.just(this.exchange.handOut(answer, call)))
			.onErrorResume((failure) -> Mono.just(call.failed(failure) ? nextAttempt(call) : Mono.error(failure)))
			.flatMap(Function.identity());
	}

	private Mono<R> send(HttpCall call) {
		try {
			RuleResponse ruled = call.ruleResponse();
			return (ruled != null) ? Mono.just(this.exchange.ruled(ruled)) : this.exchange.send(call);
		}
		catch (IOException ex) {
			return Mono.error(ex);
		}
	}

	private Mono<R> withTimeout(HttpCall call, Mono<R> attempt) {
		Duration timeout = call.timeout();
		return (timeout == null) ? attempt : this.timeouts.limit(attempt, timeout, () -> tooLong(call, timeout));
	}

	private static IOException tooLong(HttpCall call, Duration timeout) {
		return new SocketTimeoutException(
				"No response from %s within %s".formatted(call.instance().authority(), timeout));
	}

	private Mono<R> nextAttempt(HttpCall call) {
		Mono<R> attempt = Mono.defer(() -> attempt(call));
		return call.delay().isZero() ? attempt : attempt.delaySubscription(call.delay());
	}

}
