package io.redmesh.autoconfigure.restclient;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;

import io.redmesh.autoconfigure.call.HttpCall;
import io.redmesh.autoconfigure.call.HttpCalls;
import io.redmesh.autoconfigure.call.PendingCall;
import io.redmesh.autoconfigure.call.ServedRequest;
import io.redmesh.core.time.Time;

import org.springframework.cloud.client.loadbalancer.BlockingLoadBalancerInterceptor;
import org.springframework.http.HttpRequest;
import org.springframework.http.HttpStatusCode;
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

	private final TimeLimits limits;

	private final Time time;

	MeshRequestInterceptor(HttpCalls calls, TimeLimits limits, Time time) {
		this.calls = calls;
		this.limits = limits;
		this.time = time;
	}

	@Override
	public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
			throws IOException {
		this.calls.firstSnapshot().await(request.getURI());
		PendingCall pending = this.calls.plan(request.getURI(), request.getMethod(), request.getHeaders(),
				request.getAttributes(), ServedRequest.current(), null);
		if (pending == null) {
			return passed(request, body, execution);
		}
		HttpCall call = pending.await();
		call.bodyHas(body.length);
		while (true) {
			try {
				ClientHttpResponse response = attempt(call, request, body, execution);
				HttpStatusCode status = response.getStatusCode();
				if (!call.responded(status, response.getHeaders())) {
					return new ReleasingResponse(response, status, call);
				}
				response.close();
			}
			catch (Throwable ex) {
				if (!call.failed(ex)) {
					throw ex;
				}
			}
			pause(call);
		}
	}

	private ClientHttpResponse passed(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
			throws IOException {
		try {
			return execution.execute(request, body);
		}
		catch (IOException ex) {
			throw this.calls.firstSnapshot().explain(request.getURI(), ex);
		}
	}

	private ClientHttpResponse attempt(HttpCall call, HttpRequest request, byte[] body,
			ClientHttpRequestExecution execution) throws IOException {
		call.addTo(request.getHeaders());
		HttpRequest addressed = new AddressedRequest(request, call.address(request.getURI()));
		Duration timeout = call.timeout();
		if (timeout == null) {
			return begun(execution.execute(addressed, body));
		}
		TimeLimit limit = this.limits.begin(timeout);
		try {
			return begun(execution.execute(addressed, body));
		}
		catch (Throwable ex) {
			if (limit.end()) {
				IOException tooLong = new SocketTimeoutException(
						"No answer of %s within %s".formatted(call.instance().authority(), timeout));
				// Not the cause: that is us, who have interrupted the client.
				tooLong.addSuppressed(ex);
				throw tooLong;
			}
			throw ex;
		}
		finally {
			limit.end();
		}
	}

	// Some clients read the answer only when somebody asks for it.
	private static ClientHttpResponse begun(ClientHttpResponse response) throws IOException {
		response.getStatusCode();
		return response;
	}

	private void pause(HttpCall call) throws IOException {
		Duration delay = call.delay();
		if (delay.isZero()) {
			return;
		}
		try {
			this.time.sleep(delay);
		}
		catch (InterruptedException ex) {
			call.abandon();
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("Interrupted between two attempts");
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
