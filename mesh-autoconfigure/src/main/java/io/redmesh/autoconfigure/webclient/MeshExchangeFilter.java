package io.redmesh.autoconfigure.webclient;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.redmesh.autoconfigure.call.HttpCall;
import io.redmesh.autoconfigure.call.HttpCalls;
import io.redmesh.autoconfigure.call.MeshHeaders;
import io.redmesh.autoconfigure.call.PendingCall;
import io.redmesh.autoconfigure.call.RuleResponse;
import io.redmesh.autoconfigure.call.ServedRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.ContextView;

import org.springframework.cloud.client.loadbalancer.reactive.LoadBalancedExchangeFilterFunction;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.WebClientRequestException;

/**
 * The mesh as a filter, for apps that add Spring Cloud's filter to a client by hand.
 * Everywhere else the mesh is the {@link MeshClientHttpConnector transport}. Filters that
 * come after this one run inside each attempt, and the HTTP client's redirects go unseen
 * by the mesh.
 */
final class MeshExchangeFilter implements LoadBalancedExchangeFilterFunction {

	private final HttpCalls calls;

	private final AttemptTimeouts timeouts;

	MeshExchangeFilter(HttpCalls calls, AttemptTimeouts timeouts) {
		this.calls = calls;
		this.timeouts = timeouts;
	}

	@Override
	public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		return Mono.defer(() -> {
			CompletableFuture<Void> first = this.calls.firstSnapshot().before(request.url());
			return (first == null) ? send(request, next) : send(request, next)
				.delaySubscription(Mono.fromFuture(first, true).publishOn(Schedulers.parallel()));
		});
	}

	private Mono<ClientResponse> send(ClientRequest request, ExchangeFunction next) {
		return Mono.deferContextual((context) -> {
			PendingCall pending = this.calls.plan(request.url(), request.method(), headers(request),
					request.attributes(), served(context),
					context.getOrDefault(ObservationThreadLocalAccessor.KEY, null));
			return (pending == null) ? next.exchange(request).onErrorMap(WebClientRequestException.class, this::explain)
					: new ReactiveDriver<>(new FilteredExchange(request, next), this.timeouts).drive(pending)
						.onErrorMap((failure) -> wrap(failure, request));
		});
	}

	private Throwable explain(WebClientRequestException ex) {
		if (ex.getCause() instanceof IOException failure) {
			IOException explained = this.calls.firstSnapshot().explain(ex.getUri(), failure);
			return (explained == failure) ? ex
					: new WebClientRequestException(explained, ex.getMethod(), ex.getUri(), ex.getHeaders());
		}
		return ex;
	}

	// Wraps a failure as the client does below its filters.
	private static Throwable wrap(Throwable failure, ClientRequest request) {
		return (failure instanceof IOException)
				? new WebClientRequestException(failure, request.method(), request.url(), request.headers()) : failure;
	}

	private static @Nullable ServedRequest served(ContextView context) {
		ServedRequest served = context.getOrDefault(ServedRequest.KEY, null);
		return (served != null) ? served : ServedRequest.current();
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

	private record FilteredExchange(ClientRequest request, ExchangeFunction next) implements Exchange<ClientResponse> {

		@Override
		public Mono<ClientResponse> send(HttpCall call) {
			return this.next.exchange(ClientRequest.from(this.request)
				.url(call.address(this.request.url()))
				.headers(call::addTo)
				.body((message, context) -> this.request.body().insert(new BodyNotice(message, call, () -> {
				}), context))
				.build());
		}

		@Override
		public ClientResponse ruled(RuleResponse response) {
			return ClientResponse.create(response.status())
				.headers((headers) -> headers.putAll(response.headers()))
				.body(RuledResponse.body(response))
				.build();
		}

		@Override
		public HttpStatusCode status(ClientResponse answer) {
			return answer.statusCode();
		}

		@Override
		public HttpHeaders headers(ClientResponse answer) {
			return answer.headers().asHttpHeaders();
		}

		@Override
		public Mono<Void> discard(ClientResponse answer) {
			return DiscardedBody.of(answer.bodyToFlux(DataBuffer.class));
		}

		@Override
		public ClientResponse handOut(ClientResponse answer, HttpCall call) {
			ClientResponse.Builder handed = answer.mutate()
				.body((body) -> body.doOnTerminate(call::release).doOnCancel(call::release));
			if (call.changesResponse()) {
				handed.headers(call::changeResponse);
			}
			String failedAt = call.failedAt(answer.statusCode(), answer.headers().asHttpHeaders());
			if (failedAt != null) {
				handed.header(MeshHeaders.FAILED_AT, failedAt);
			}
			ResponseCookie session = call.sessionCookie();
			if (session != null) {
				handed.header(HttpHeaders.SET_COOKIE, session.toString())
					.cookies((cookies) -> cookies.set(session.getName(), session));
			}
			return handed.build();
		}

	}

}
