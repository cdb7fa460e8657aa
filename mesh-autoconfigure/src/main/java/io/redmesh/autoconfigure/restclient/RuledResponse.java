package io.redmesh.autoconfigure.restclient;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

import io.redmesh.autoconfigure.call.RuleResponse;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/** A response that a traffic rule gives, as a blocking client sees it. */
final class RuledResponse implements ClientHttpResponse {

	private final RuleResponse response;

	private final InputStream body;

	RuledResponse(RuleResponse response) {
		this.response = response;
		this.body = new ByteArrayInputStream(response.bytes());
	}

	@Override
	public HttpStatusCode getStatusCode() {
		return this.response.status();
	}

	@Override
	public String getStatusText() {
		return (this.response.status() instanceof HttpStatus known) ? known.getReasonPhrase() : "";
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.response.headers();
	}

	@Override
	public InputStream getBody() {
		return this.body;
	}

	@Override
	public void close() {
		// There is no connection.
	}

}
