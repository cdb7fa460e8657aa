package io.redmesh.autoconfigure.restclient;

import java.io.IOException;

import io.redmesh.autoconfigure.call.PendingCall;

import org.springframework.cloud.client.loadbalancer.BlockingLoadBalancerInterceptor;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpResponse;

/**
 * The mesh as an interceptor, for apps that add Spring Cloud's interceptor to a client by
 * hand. Everywhere else the mesh is the {@link MeshClientHttpRequestFactory transport}.
 * Interceptors that come after this one run inside each attempt, and the body of a
 * request is held in memory.
 */
final class MeshRequestInterceptor implements BlockingLoadBalancerInterceptor {

	private final BlockingDriver driver;

	MeshRequestInterceptor(BlockingDriver driver) {
		this.driver = driver;
	}

	@Override
	public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
			throws IOException {
		PendingCall pending = this.driver.plan(request.getURI(), request.getMethod(), request.getHeaders(),
				request.getAttributes());
		if (pending == null) {
			return this.driver.pass(request.getURI(), () -> execution.execute(request, body));
		}
		return this.driver.drive(pending, (call) -> {
			call.bodyHas(body.length);
			return execution.execute(new AddressedRequest(request, call), body);
		}, Cutting.INTERRUPT);
	}

}
