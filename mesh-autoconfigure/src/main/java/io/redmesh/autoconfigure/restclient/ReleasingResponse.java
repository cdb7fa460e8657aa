package io.redmesh.autoconfigure.restclient;

import java.io.IOException;
import java.io.InputStream;

import io.redmesh.autoconfigure.call.HttpCall;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.http.client.ClientHttpResponse;

/** An answer whose call is no load any more once it is closed. */
final class ReleasingResponse implements ClientHttpResponse {

	private final ClientHttpResponse response;

	private final HttpCall call;

	private final HttpHeaders headers;

	ReleasingResponse(ClientHttpResponse response, HttpCall call) {
		this.response = response;
		this.call = call;
		ResponseCookie session = call.sessionCookie();
		this.headers = (session != null) ? with(session, response.getHeaders()) : response.getHeaders();
	}

	private static HttpHeaders with(ResponseCookie session, HttpHeaders headers) {
		HttpHeaders more = HttpHeaders.copyOf(headers);
		more.add(HttpHeaders.SET_COOKIE, session.toString());
		return more;
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
		this.call.release();
		this.response.close();
	}

}
