package io.redmesh.autoconfigure.webclient;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.redmesh.autoconfigure.call.HttpCall;
import io.redmesh.autoconfigure.call.HttpCalls;
import io.redmesh.autoconfigure.call.MeshHeaders;
import io.redmesh.autoconfigure.call.PendingCall;
import io.redmesh.autoconfigure.call.ServedRequest;
import io.redmesh.core.call.NoEndpointException;
import io.redmesh.core.call.Turn;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.ContextView;

import org.springframework.cloud.client.loadbalancer.reactive.LoadBalancedExchangeFilterFunction;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.WebClientRequestException;

/**
 * Drives calls over the reactive client. Each subscription is a call of its own; the body
 * of the request is written anew for each attempt.
 */
final class MeshExchangeFilter implements LoadBalancedExchangeFilterFunction {

	private final HttpCalls calls;

	MeshExchangeFilter(HttpCalls calls) {
		this.calls = calls;
	}

	@Override
	public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		Mono<ClientResponse> planned = Mono.deferContextual((context) -> {
			PendingCall pending = this.calls.plan(request.url(), request.method(), headers(request),
					request.attributes(), served(context), parent(context));
			return (pending != null) ? planned(pending, request, next)
					: next.exchange(request).onErrorMap(WebClientRequestException.class, this::explained);
		});
		return Mono.defer(() -> {
			CompletableFuture<Void> first = this.calls.firstSnapshot().before(request.url());
			return (first == null) ? planned
					: planned.delaySubscription(Mono.fromFuture(first, true).publishOn(Schedulers.parallel()));
		});
	}

	private Throwable explained(WebClientRequestException ex) {
		if (ex.getCause() instanceof IOException failure) {
			IOException explained = this.calls.firstSnapshot().explain(ex.getUri(), failure);
			return (explained == failure) ? ex
					: new WebClientRequestException(explained, ex.getMethod(), ex.getUri(), ex.getHeaders());
		}
		return ex;
	}

	private static Mono<ClientResponse> planned(PendingCall pending, ClientRequest request, ExchangeFunction next) {
		try {
			Turn turn = pending.turn();
			return (turn == null) ? made(pending.begin(), request, next)
					// Other operators may drop an answer when its call is cancelled.
					: Mono.defer(() -> begun(pending, request, next)).delaySubscription(inTurn(pending, turn, request));
		}
		catch (NoEndpointException ex) {
			return Mono.error(refused(ex, request));
		}
	}

	private static Mono<ClientResponse> begun(PendingCall pending, ClientRequest request, ExchangeFunction next) {
		try {
			return made(pending.begin(), request, next);
		}
		catch (NoEndpointException ex) {
			return Mono.error(refused(ex, request));
		}
	}

	// Whoever made room has its own work to do, and might be the next to make room.
	private static Mono<Void> inTurn(PendingCall pending, Turn turn, ClientRequest request) {
		Mono<Void> comes = Mono.fromFuture(turn.comes(), true).publishOn(Schedulers.parallel());
		Mono<Void> limited = (turn.patience() == Long.MAX_VALUE) ? comes : comes
			.timeout(Duration.ofNanos(turn.patience()), Mono.error(() -> refused(pending.missed(turn), request)));
		return limited.doOnCancel(turn::leave);
	}

	private static WebClientRequestException refused(NoEndpointException ex, ClientRequest request) {
		return new WebClientRequestException(ex, request.method(), request.url(), request.headers());
	}

	private static Mono<ClientResponse> made(HttpCall call, ClientRequest request, ExchangeFunction next) {
		Mono<ClientResponse> made = whole(call, request, next);
		return call.hedgeAfter().isZero() ? made : Hedge.beside(made, call.hedgeAfter(),
				() -> Mono.justOrEmpty(call.hedge()).flatMap((hedge) -> whole(hedge, request, next)));
	}

	private static Mono<ClientResponse> whole(HttpCall call, ClientRequest request, ExchangeFunction next) {
		return attempt(call, request, next).doFinally((signal) -> ended(call, signal));
	}

	private static void ended(HttpCall call, SignalType signal) {
		call.abandon();
		if (signal == SignalType.CANCEL) {
			// Nobody has got the answer.
			call.release();
		}
	}

	private static Mono<ClientResponse> attempt(HttpCall call, ClientRequest request, ExchangeFunction next) {
		return limited(call, request, Mono.defer(() -> next.exchange(addressed(call, request))))
			.map((response) -> call.responded(response.statusCode(), response.headers().asHttpHeaders())
					? response.releaseBody().onErrorComplete().then(another(call, request, next))
					: Mono.just(answer(call, response)))
			.onErrorResume(
					(failure) -> Mono.just(call.failed(failure) ? another(call, request, next) : Mono.error(failure)))
			.flatMap(Function.identity());
	}

	private static ClientResponse answer(HttpCall call, ClientResponse response) {
		ClientResponse.Builder answer = response.mutate()
			.body((body) -> body.doOnTerminate(call::release).doOnCancel(call::release));
		ResponseCookie session = call.sessionCookie();
		if (session != null) {
			answer.header(HttpHeaders.SET_COOKIE, session.toString())
				.cookies((cookies) -> cookies.set(session.getName(), session));
		}
		String failedAt = call.failedAt(response.statusCode(), response.headers().asHttpHeaders());
		if (failedAt != null) {
			answer.header(MeshHeaders.FAILED_AT, failedAt);
		}
		return answer.build();
	}

	private static Mono<ClientResponse> limited(HttpCall call, ClientRequest request, Mono<ClientResponse> exchange) {
		Duration timeout = call.timeout();
		return (timeout == null) ? exchange : exchange.timeout(timeout, Mono.error(() -> {
			IOException tooLong = new SocketTimeoutException(
					"No answer of %s within %s".formatted(call.instance().authority(), timeout));
			return new WebClientRequestException(tooLong, request.method(), request.url(), request.headers());
		}));
	}

	private static Mono<ClientResponse> another(HttpCall call, ClientRequest request, ExchangeFunction next) {
		Mono<ClientResponse> attempt = Mono.defer(() -> attempt(call, request, next));
		return call.delay().isZero() ? attempt : attempt.delaySubscription(call.delay());
	}

	private static ClientRequest addressed(HttpCall call, ClientRequest request) {
		return ClientRequest.from(request)
			.url(call.address(request.url()))
			.headers(call::addTo)
			.body((message, context) -> request.body().insert(new BodyNotice(message, call), context))
			.build();
	}

	// The client makes headers of cookies only when it sends them.
	private static HttpHeaders headers(ClientRequest request) {
		if (request.cookies().isEmpty()) {
			return request.headers();
		}
		HttpHeaders headers = HttpHeaders.copyOf(request.headers());
		request.cookies()
			.forEach((name, values) -> values.forEach((value) -> headers.add(HttpHeaders.COOKIE, name + "=" + value)));
		return headers;
	}

	private static @Nullable ServedRequest served(ContextView context) {
		ServedRequest served = context.getOrDefault(ServedRequest.KEY, null);
		return (served != null) ? served : ServedRequest.current();
	}

	private static @Nullable Observation parent(ContextView context) {
		return context.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
	}

}
