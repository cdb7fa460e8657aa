package io.redmesh.autoconfigure.webclient;

import java.util.function.Function;

import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.redmesh.autoconfigure.call.HttpCall;
import io.redmesh.autoconfigure.call.HttpCalls;
import io.redmesh.core.call.NoEndpointException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

import org.springframework.cloud.client.loadbalancer.reactive.LoadBalancedExchangeFilterFunction;
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
		return Mono.deferContextual((context) -> {
			try {
				HttpCall call = this.calls.begin(request.url(), request.method(), request.headers(), parent(context));
				return (call != null) ? attempt(call, request, next).doFinally((signal) -> call.abandon())
						: next.exchange(request);
			}
			catch (NoEndpointException ex) {
				return Mono
					.error(new WebClientRequestException(ex, request.method(), request.url(), request.headers()));
			}
		});
	}

	private static Mono<ClientResponse> attempt(HttpCall call, ClientRequest request, ExchangeFunction next) {
		return Mono.defer(() -> next.exchange(addressed(call, request)))
			.map((response) -> call.responded(response.statusCode())
					? response.releaseBody().onErrorComplete().then(attempt(call, request, next)) : Mono.just(response))
			.onErrorResume(
					(failure) -> Mono.just(call.failed(failure) ? attempt(call, request, next) : Mono.error(failure)))
			.flatMap(Function.identity());
	}

	private static ClientRequest addressed(HttpCall call, ClientRequest request) {
		return ClientRequest.from(request)
			.url(call.address(request.url()))
			.headers((headers) -> headers.set(HttpCalls.DESTINATION, call.service()))
			.body((message, context) -> request.body()
				.insert(new StreamedBodyNotice(message, call::cannotBeRepeated), context))
			.build();
	}

	private static @Nullable Observation parent(ContextView context) {
		return context.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
	}

}
