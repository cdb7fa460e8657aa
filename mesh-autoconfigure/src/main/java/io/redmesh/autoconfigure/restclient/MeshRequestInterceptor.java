package io.redmesh.autoconfigure.restclient;

import java.io.IOException;
import java.net.URI;

import io.redmesh.autoconfigure.call.HttpCall;
import io.redmesh.autoconfigure.call.HttpCalls;

import org.springframework.cloud.client.loadbalancer.BlockingLoadBalancerInterceptor;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.support.HttpRequestWrapper;

/**
 * Drives calls over the blocking clients. An answer is handed out as soon as it has
 * begun; the body of the request is held in memory by the client, so that it can be sent
 * again.
 */
final class MeshRequestInterceptor implements BlockingLoadBalancerInterceptor {

	private final HttpCalls calls;

	MeshRequestInterceptor(HttpCalls calls) {
		this.calls = calls;
	}

	@Override
	public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
			throws IOException {
		HttpCall call = this.calls.begin(request.getURI(), request.getMethod(), request.getHeaders(), null);
		if (call == null) {
			return execution.execute(request, body);
		}
		request.getHeaders().set(HttpCalls.DESTINATION, call.service());
		while (true) {
			try {
				HttpRequest addressed = new AddressedRequest(request, call.address(request.getURI()));
				ClientHttpResponse response = execution.execute(addressed, body);
				// Some clients read the answer only now.
				if (!call.responded(response.getStatusCode())) {
					return response;
				}
				response.close();
			}
			catch (Throwable ex) {
				if (!call.failed(ex)) {
					throw ex;
				}
			}
		}
	}

	private static final class AddressedRequest extends HttpRequestWrapper {

		private final URI uri;

		AddressedRequest(HttpRequest request, URI uri) {
			super(request);
			this.uri = uri;
		}

		@Override
		public URI getURI() {
			return this.uri;
		}

	}

}
