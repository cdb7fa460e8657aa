package io.redmesh.autoconfigure.webclient;

import java.net.URI;
import java.util.function.Function;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.AbstractClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpRequest;

/**
 * The headers, cookies and attributes of a request that is not sent. A connector gets
 * them only by letting the app write the request. It does not ask for the body.
 */
final class RequestHead extends AbstractClientHttpRequest {

	private final HttpMethod method;

	private final URI uri;

	private RequestHead(HttpMethod method, URI uri) {
		this.method = method;
		this.uri = uri;
	}

	/**
	 * Makes the app write the head of a request.
	 * @param method the method of the request
	 * @param uri the URI of the request
	 * @param writer writes the request, and its body only when that is subscribed to
	 * @return the head
	 */
	@SuppressWarnings("ReturnValueIgnored") // that would be the body
	static RequestHead of(HttpMethod method, URI uri, Function<? super ClientHttpRequest, Mono<Void>> writer) {
		RequestHead head = new RequestHead(method, uri);
		try {
			writer.apply(head);
		}
		catch (RuntimeException ex) {
			// Code of the app that wants the native request of a certain HTTP client.
			// Such code runs after all headers are written. It gets that request when the
			// request is sent, or fails then.
		}
		return head;
	}

	/**
	 * Returns the headers, with a header for the cookies.
	 * @return the headers as they would be sent
	 */
	HttpHeaders headersWithCookies() {
		if (getCookies().isEmpty()) {
			return getHeaders();
		}
		HttpHeaders headers = HttpHeaders.copyOf(getHeaders());
		getCookies().values()
			.forEach((cookies) -> cookies.forEach((cookie) -> headers.add(HttpHeaders.COOKIE, cookie.toString())));
		return headers;
	}

	@Override
	public HttpMethod getMethod() {
		return this.method;
	}

	@Override
	public URI getURI() {
		return this.uri;
	}

	@Override
	public DataBufferFactory bufferFactory() {
		return DefaultDataBufferFactory.sharedInstance;
	}

	@Override
	@SuppressWarnings("TypeParameterUnusedInFormals") // as inherited
	public <T> T getNativeRequest() {
		throw new IllegalStateException("The request is not sent yet");
	}

	@Override
	public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
		return Mono.empty();
	}

	@Override
	public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
		return Mono.empty();
	}

	@Override
	public Mono<Void> setComplete() {
		return Mono.empty();
	}

	@Override
	protected void applyHeaders() {
		// Never committed.
	}

	@Override
	protected void applyCookies() {
		// Never committed.
	}

}
