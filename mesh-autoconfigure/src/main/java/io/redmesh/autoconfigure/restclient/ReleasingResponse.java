package io.redmesh.autoconfigure.restclient;

import java.io.IOException;
import java.io.InputStream;

import io.redmesh.autoconfigure.call.HttpCall;
import io.redmesh.autoconfigure.call.MeshHeaders;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.http.client.ClientHttpResponse;

/** An answer whose call is no load any more once it is closed. */
final class ReleasingResponse implements ClientHttpResponse {

	private final ClientHttpResponse response;

	private final HttpCall call;

	private final HttpHeaders headers;

	ReleasingResponse(ClientHttpResponse response, HttpStatusCode status, HttpCall call) {
		this.response = response;
		this.call = call;
		this.headers = headers(status, response.getHeaders(), call);
	}

	private static HttpHeaders headers(HttpStatusCode status, HttpHeaders headers, HttpCall call) {
		ResponseCookie session = call.sessionCookie();
		String failedAt = call.failedAt(status, headers);
		if (session == null && failedAt == null) {
			return headers;
		}
		HttpHeaders more = HttpHeaders.copyOf(headers);
		if (session != null) {
			more.add(HttpHeaders.SET_COOKIE, session.toString());
		}
		if (failedAt != null) {
			more.set(MeshHeaders.FAILED_AT, failedAt);
		}
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
