package io.redmesh.autoconfigure.webclient;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.redmesh.autoconfigure.call.HttpCalls;
import io.redmesh.autoconfigure.call.PendingCall;
import io.redmesh.autoconfigure.call.Redirect;
import io.redmesh.autoconfigure.call.ServedRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.ContextView;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;

/**
 * The mesh as the transport of reactive clients. This is the innermost place, so that no
 * code of the app runs inside an attempt, and no retry or redirect of an HTTP client
 * happens unseen. Filters and all else that an app adds run once a call and see
 * {@code http://orders/…}. Each subscription is a call of its own; the request is written
 * anew for each attempt.
 * <p>
 * A redirect is followed here, where the app follows redirects: the next hop is a call of
 * its own. Requests to other hosts go to the app's own client as they are.
 * <p>
 * Safe for use by many threads.
 */
final class MeshClientHttpConnector implements ClientHttpConnector {

	private final HttpCalls calls;

	private final AttemptTimeouts timeouts;

	private final Connectors connectors;

	private final boolean followsRedirects;

	/**
	 * Creates a connector.
	 * @param calls the factory of the calls
	 * @param timeouts the timeouts of the attempts
	 * @param connectors the clients for attempts, and for requests to other hosts
	 * @param followsRedirects whether redirects are followed here, because the client of
	 * the attempts does not
	 */
	MeshClientHttpConnector(HttpCalls calls, AttemptTimeouts timeouts, Connectors connectors,
			boolean followsRedirects) {
		this.calls = calls;
		this.timeouts = timeouts;
		this.connectors = connectors;
		this.followsRedirects = followsRedirects;
	}

	@Override
	public Mono<ClientHttpResponse> connect(HttpMethod method, URI uri,
			Function<? super ClientHttpRequest, Mono<Void>> writer) {
		return connect(new Hop(method, uri, writer, 0));
	}

	private Mono<ClientHttpResponse> connect(Hop hop) {
		return Mono.defer(() -> {
			CompletableFuture<Void> first = this.calls.firstSnapshot().before(hop.uri);
			return (first == null) ? send(hop)
					: send(hop).delaySubscription(Mono.fromFuture(first, true).publishOn(Schedulers.parallel()));
		});
	}

	private Mono<ClientHttpResponse> send(Hop hop) {
		return Mono.deferContextual((context) -> {
			RequestHead head = this.calls.readsHeaders(hop.uri) || this.connectors.hasTransformers()
					? RequestHead.of(hop.method, hop.uri, hop.writer) : null;
			PendingCall pending = this.calls.plan(hop.uri, hop.method,
					(head != null) ? head.headersWithCookies() : HttpHeaders.EMPTY,
					(head != null) ? head.getAttributes() : Map.of(), served(context), parent(context));
			if (pending == null) {
				return this.connectors.passThroughClient()
					.connect(hop.method, hop.uri, hop.writer)
					.onErrorMap(IOException.class, (failure) -> this.calls.firstSnapshot().explain(hop.uri, failure));
			}
			ConnectorExchange exchange = new ConnectorExchange(this.connectors, hop.method, hop.uri, hop.writer, head);
			Mono<ClientHttpResponse> answer = new ReactiveDriver<>(exchange, this.timeouts).drive(pending);
			return this.followsRedirects ? answer.flatMap((response) -> followRedirect(hop, response, exchange))
					: answer;
		});
	}

	private Mono<ClientHttpResponse> followRedirect(Hop hop, ClientHttpResponse response, ConnectorExchange exchange) {
		Redirect redirect = (hop.number < Redirect.MAX && response instanceof Answer answer)
				? Redirect.of(hop.method, hop.uri, answer.authority(), response.getStatusCode(), response.getHeaders())
				: null;
		if (redirect == null || (redirect.keepsBody() && exchange.isStreamed())) {
			return Mono.just(response);
		}
		return exchange.discard(response).then(connect(hop.next(redirect)));
	}

	private static @Nullable ServedRequest served(ContextView context) {
		ServedRequest served = context.getOrDefault(ServedRequest.KEY, null);
		return (served != null) ? served : ServedRequest.current();
	}

	private static @Nullable Observation parent(ContextView context) {
		return context.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
	}

	private record Hop(HttpMethod method, URI uri, Function<? super ClientHttpRequest, Mono<Void>> writer, int number) {

		Hop next(Redirect redirect) {
			return new Hop(redirect.method(), redirect.uri(), redirect.keepsBody()
					? (request) -> writeAgain(request, redirect) : (request) -> writeHead(request, redirect),
					this.number + 1);
		}

		private Mono<Void> writeAgain(ClientHttpRequest request, Redirect redirect) {
			Mono<Void> written = this.writer.apply(request);
			request.getHeaders()
				.headerNames()
				.stream()
				.filter((name) -> !redirect.keeps(name))
				.toList()
				.forEach(request.getHeaders()::remove);
			if (!redirect.sameOrigin()) {
				request.getCookies().clear();
			}
			return written;
		}

		private Mono<Void> writeHead(ClientHttpRequest request, Redirect redirect) {
			RequestHead head = RequestHead.of(this.method, this.uri, this.writer);
			head.getHeaders().forEach((name, values) -> {
				if (redirect.keeps(name)) {
					request.getHeaders().addAll(name, values);
				}
			});
			if (redirect.sameOrigin()) {
				request.getCookies().addAll(head.getCookies());
			}
			request.getAttributes().putAll(head.getAttributes());
			return request.setComplete();
		}

	}

}
