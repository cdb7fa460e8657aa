package io.redmesh.autoconfigure.restclient;

import java.io.IOException;
import java.net.URI;

import io.redmesh.autoconfigure.call.PendingCall;
import io.redmesh.autoconfigure.call.Redirect;
import io.redmesh.autoconfigure.restclient.AttemptBody.BodyErrorException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage.Body;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/**
 * The mesh as the transport of blocking clients. This is the innermost place, so that no
 * code of the app runs inside an attempt, and no retry or redirect of an HTTP client
 * happens unseen. Interceptors and all else that an app adds run once a call and see
 * {@code http://orders/…}.
 * <p>
 * A redirect is followed here, where the app follows redirects: the next hop is a call of
 * its own. Requests to other hosts go to the app's own client as they are.
 * <p>
 * Safe for use by many threads.
 */
final class MeshClientHttpRequestFactory implements ClientHttpRequestFactory {

	private final BlockingDriver driver;

	private final Exchanges exchanges;

	private final HttpClients clients;

	private final boolean followsRedirects;

	/**
	 * Creates a factory.
	 * @param driver the driver, which makes the calls
	 * @param exchanges the factory of the attempts' requests
	 * @param clients the clients for attempts, and for requests to other hosts
	 * @param followsRedirects whether redirects are followed here, because the client of
	 * the attempts does not
	 */
	MeshClientHttpRequestFactory(BlockingDriver driver, Exchanges exchanges, HttpClients clients,
			boolean followsRedirects) {
		this.driver = driver;
		this.exchanges = exchanges;
		this.clients = clients;
		this.followsRedirects = followsRedirects;
	}

	@Override
	public ClientHttpRequest createRequest(URI uri, HttpMethod method) {
		return new MeshClientHttpRequest(this, uri, method);
	}

	ClientHttpResponse execute(MeshClientHttpRequest request) throws IOException {
		MeshClientHttpRequest current = request;
		for (int hops = 0;; hops++) {
			ClientHttpResponse response = send(current);
			if (!(response instanceof ReleasingResponse answer) || !this.followsRedirects || hops == Redirect.MAX) {
				return response;
			}
			Redirect redirect = redirect(current, answer);
			if (redirect == null) {
				return response;
			}
			this.driver.discard(answer, answer.limit(), this.clients.cutting());
			current = current.redirected(redirect);
		}
	}

	private static @Nullable Redirect redirect(MeshClientHttpRequest request, ReleasingResponse answer)
			throws IOException {
		try {
			Redirect redirect = Redirect.of(request.getMethod(), request.getURI(), answer.authority(),
					answer.getStatusCode(), answer.getHeaders());
			Body body = request.body();
			return (redirect != null && redirect.keepsBody() && body != null && !body.repeatable()) ? null : redirect;
		}
		catch (Throwable ex) {
			answer.close();
			throw ex;
		}
	}

	private ClientHttpResponse send(MeshClientHttpRequest request) throws IOException {
		PendingCall pending = this.driver.plan(request.getURI(), request.getMethod(), request.getHeaders(),
				request.attributes());
		if (pending == null) {
			return this.driver.pass(request.getURI(),
					() -> this.exchanges.passThrough(this.clients.passThroughClient(), request).execute());
		}
		// Before the call begins: the first call creates the client, which may fail.
		ClientHttpRequestFactory client = this.clients.attemptClient();
		Cutting cutting = this.clients.cutting();
		try {
			return this.driver.drive(pending, (call) -> this.exchanges.attempt(client, call, request).execute(),
					cutting);
		}
		catch (BodyErrorException ex) {
			throw ex.error();
		}
	}

}
