package io.redmesh.autoconfigure.webclient;

import io.redmesh.autoconfigure.call.RuleResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.util.CollectionUtils;
import org.springframework.util.MultiValueMap;

/** A response that a traffic rule gives, as a reactive client sees it. */
final class RuledResponse implements ClientHttpResponse {

	private static final MultiValueMap<String, ResponseCookie> NO_COOKIES = CollectionUtils
		.unmodifiableMultiValueMap(CollectionUtils.toMultiValueMap(java.util.Map.of()));

	private final RuleResponse response;

	RuledResponse(RuleResponse response) {
		this.response = response;
	}

	/**
	 * Returns the body of a response.
	 * @param response the response
	 * @return the body, made when it is subscribed to
	 */
	static Flux<DataBuffer> body(RuleResponse response) {
		return response.body().isEmpty() ? Flux.empty()
				: Mono.fromSupplier(() -> (DataBuffer) DefaultDataBufferFactory.sharedInstance.wrap(response.bytes()))
					.flux();
	}

	@Override
	public HttpStatusCode getStatusCode() {
		return this.response.status();
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.response.headers();
	}

	@Override
	public MultiValueMap<String, ResponseCookie> getCookies() {
		return NO_COOKIES;
	}

	@Override
	public Flux<DataBuffer> getBody() {
		return body(this.response);
	}

}
