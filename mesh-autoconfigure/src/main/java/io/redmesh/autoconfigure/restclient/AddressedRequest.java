package io.redmesh.autoconfigure.restclient;

import java.net.URI;

import io.redmesh.autoconfigure.call.HttpCall;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.support.HttpRequestWrapper;

/** A copy of the app's request, directed to the instance of the current attempt. */
final class AddressedRequest extends HttpRequestWrapper {

	private final URI address;

	private final HttpHeaders headers;

	AddressedRequest(HttpRequest request, HttpCall call) {
		super(request);
		this.address = call.address(request.getURI());
		this.headers = HttpHeaders.copyOf(request.getHeaders());
		call.addTo(this.headers);
	}

	@Override
	public URI getURI() {
		return this.address;
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.headers;
	}

}
