package io.redmesh.autoconfigure.webclient;

import io.redmesh.autoconfigure.call.AnswerHeaders;
import io.redmesh.autoconfigure.call.HttpCall;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.http.client.reactive.ClientHttpResponseDecorator;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/** A response that ends its call when it has been read or cancelled. */
final class Answer extends ClientHttpResponseDecorator {

	private final HttpCall call;

	private final @Nullable ResponseCookie session;

	private final HttpHeaders headers;

	Answer(ClientHttpResponse response, HttpCall call) {
		super(response);
		this.call = call;
		this.session = call.sessionCookie();
		this.headers = AnswerHeaders.of(call, response.getStatusCode(), response.getHeaders());
	}

	/**
	 * Returns the instance that it came from.
	 * @return host and port of the instance; empty if a traffic rule responded
	 */
	String authority() {
		return this.call.authority();
	}

	@Override
	public Flux<DataBuffer> getBody() {
		return super.getBody().doOnTerminate(this.call::release).doOnCancel(this.call::release);
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.headers;
	}

	@Override
	public MultiValueMap<String, ResponseCookie> getCookies() {
		if (this.session == null) {
			return super.getCookies();
		}
		MultiValueMap<String, ResponseCookie> cookies = new LinkedMultiValueMap<>(super.getCookies());
		cookies.set(this.session.getName(), this.session);
		return cookies;
	}

}
