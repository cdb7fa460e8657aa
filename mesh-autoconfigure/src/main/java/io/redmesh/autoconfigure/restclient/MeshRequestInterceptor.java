package io.redmesh.autoconfigure.restclient;

import java.io.IOException;

import io.redmesh.autoconfigure.call.HttpCall;

import org.springframework.cloud.client.loadbalancer.BlockingLoadBalancerInterceptor;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpResponse;

/**
 * The mesh for apps that add Spring Cloud's interceptor to a client by hand. Everywhere
 * else the mesh is the {@link MeshClientHttpRequestFactory transport}: interceptors that
 * come after this one run inside each attempt, and bodies are held in memory.
 */
final class MeshRequestInterceptor implements BlockingLoadBalancerInterceptor {

	private final BlockingDriver driver;

	MeshRequestInterceptor(BlockingDriver driver) {
		this.driver = driver;
	}

	@Override
	public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
			throws IOException {
		HttpCall call = this.driver.begin(request.getURI(), request.getMethod(), request.getHeaders(),
				request.getAttributes());
		if (call == null) {
			return this.driver.pass(request.getURI(), () -> execution.execute(request, body));
		}
		call.bodyHas(body.length);
		return this.driver.drive(call, () -> execution.execute(new AddressedRequest(request, call), body),
				Cutting.INTERRUPT);
	}

}
