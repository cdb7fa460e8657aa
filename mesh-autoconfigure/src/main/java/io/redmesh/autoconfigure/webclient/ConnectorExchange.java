package io.redmesh.autoconfigure.webclient;

import java.net.URI;
import java.util.function.Function;

import io.redmesh.autoconfigure.call.HttpCall;
import io.redmesh.autoconfigure.call.RuleResponse;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.web.reactive.function.client.ClientRequest;

/**
 * The exchange that carries out the attempts of one request of the app with a connector.
 */
final class ConnectorExchange implements Exchange<ClientHttpResponse> {

	private final Connectors connectors;

	private final HttpMethod method;

	private final URI uri;

	private final Function<? super ClientHttpRequest, Mono<Void>> writer;

	private final @Nullable RequestHead head;

	private volatile boolean streamed;

	/**
	 * Creates the exchange.
	 * @param connectors the HTTP clients that carry out attempts
	 * @param method the method of the request
	 * @param uri the URI of the request, as the app wrote it
	 * @param writer writes the request
	 * @param head the head of the request if that is known, as it is where the app
	 * transforms it
	 */
	ConnectorExchange(Connectors connectors, HttpMethod method, URI uri,
			Function<? super ClientHttpRequest, Mono<Void>> writer, @Nullable RequestHead head) {
		this.connectors = connectors;
		this.method = method;
		this.uri = uri;
		this.writer = writer;
		this.head = head;
	}

	@Override
	public Mono<ClientHttpResponse> send(HttpCall call) {
		if (this.head != null && this.connectors.hasTransformers()) {
			ClientRequest transformed = this.connectors.transform(call, this.uri, this.head);
			return this.connectors.attemptClient()
				.connect(transformed.method(), transformed.url(),
						(request) -> write(request, call, transformed.headers()));
		}
		return this.connectors.attemptClient()
			.connect(this.method, call.address(this.uri), (request) -> write(request, call, null));
	}

	private Mono<Void> write(ClientHttpRequest request, HttpCall call, @Nullable HttpHeaders transformed) {
		Mono<Void> written = this.writer.apply(new BodyNotice(request, call, this::markStreamed));
		if (transformed != null) {
			request.getHeaders().putAll(transformed);
		}
		call.describe(this.method, request.getHeaders(), request.getAttributes());
		this.connectors.addTo(request.getHeaders(), call, this.uri);
		return written;
	}

	private void markStreamed() {
		this.streamed = true;
	}

	/**
	 * Tells whether the body may not be sent a second time.
	 * @return whether a stream was begun
	 */
	boolean isStreamed() {
		return this.streamed;
	}

	@Override
	public ClientHttpResponse ruled(RuleResponse response) {
		return new RuledResponse(response);
	}

	@Override
	public HttpStatusCode status(ClientHttpResponse answer) {
		return answer.getStatusCode();
	}

	@Override
	public HttpHeaders headers(ClientHttpResponse answer) {
		return answer.getHeaders();
	}

	@Override
	public Mono<Void> discard(ClientHttpResponse answer) {
		return DiscardedBody.of(answer.getBody());
	}

	@Override
	public ClientHttpResponse handOut(ClientHttpResponse answer, HttpCall call) {
		return new Answer(answer, call);
	}

}
