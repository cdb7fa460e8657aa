package io.redmesh.autoconfigure.restclient;

import java.io.IOException;
import java.io.InputStream;

import io.redmesh.autoconfigure.call.AnswerHeaders;
import io.redmesh.autoconfigure.call.HttpCall;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/** A response that ends its call when it is closed. */
final class ReleasingResponse implements ClientHttpResponse {

	private final ClientHttpResponse response;

	private final HttpCall call;

	private final TimeLimit limit;

	private final HttpHeaders headers;

	ReleasingResponse(ClientHttpResponse response, HttpStatusCode status, HttpCall call, TimeLimit limit) {
		this.response = response;
		this.call = call;
		this.limit = limit;
		this.headers = AnswerHeaders.of(call, status, response.getHeaders());
	}

	/**
	 * Returns the instance that it came from.
	 * @return host and port of the instance; empty if a traffic rule responded
	 */
	String authority() {
		return this.call.authority();
	}

	/**
	 * Returns the time limit of the attempt that it answers.
	 * @return the limit, which has ended
	 */
	TimeLimit limit() {
		return this.limit;
	}

	@Override
	public HttpStatusCode getStatusCode() throws IOException {
		return this.response.getStatusCode();
	}

	@Override
	public String getStatusText() throws IOException {
		return this.response.getStatusText();
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.headers;
	}

	@Override
	public InputStream getBody() throws IOException {
		return this.response.getBody();
	}

	@Override
	public void close() {
		try {
			this.response.close();
		}
		finally {
			this.call.release();
		}
	}

}
