package io.redmesh.autoconfigure.restclient;

import java.io.IOException;
import java.util.List;

import io.redmesh.autoconfigure.call.HttpCall;
import io.redmesh.autoconfigure.cloud.ForwardedHeaders;
import io.redmesh.autoconfigure.cloud.MeshServiceInstance;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.LoadBalancerRequestTransformer;
import org.springframework.http.HttpRequest;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.StreamingHttpOutputMessage.Body;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.util.StreamUtils;

/**
 * The factory of the requests that an HTTP client carries out for a request of the app.
 * Each attempt has a request of its own, so that none sees the headers added to another.
 * <p>
 * Safe for use by many threads.
 */
final class Exchanges {

	private final ForwardedHeaders forwarded;

	private final List<LoadBalancerRequestTransformer> transformers;

	/**
	 * Creates the factory.
	 * @param forwarded the headers that name the URI that the app has called
	 * @param transformers the app's own changes to the request of each attempt
	 */
	Exchanges(ForwardedHeaders forwarded, List<LoadBalancerRequestTransformer> transformers) {
		this.forwarded = forwarded;
		this.transformers = List.copyOf(transformers);
	}

	/**
	 * Creates the request of the current attempt of a call.
	 * @param client the client that carries it out
	 * @param call the call
	 * @param request the request of the app
	 * @return the request, to be executed
	 * @throws IOException if the client cannot create one
	 */
	ClientHttpRequest attempt(ClientHttpRequestFactory client, HttpCall call, MeshClientHttpRequest request)
			throws IOException {
		ClientHttpRequest attempt = this.transformers.isEmpty() ? addressed(client, call, request)
				: transformed(client, call, request);
		fillAttributes(attempt, request);
		Body body = request.body();
		if (body != null) {
			call.bodyHas(request.getHeaders().getContentLength());
			write(new AttemptBody(body, call), attempt);
		}
		return attempt;
	}

	private ClientHttpRequest addressed(ClientHttpRequestFactory client, HttpCall call, MeshClientHttpRequest request)
			throws IOException {
		ClientHttpRequest attempt = client.createRequest(call.address(request.getURI()), request.getMethod());
		request.copyHeaders(attempt.getHeaders());
		call.addTo(attempt.getHeaders());
		this.forwarded.addTo(attempt.getHeaders(), call.service(), request.getURI());
		return attempt;
	}

	private ClientHttpRequest transformed(ClientHttpRequestFactory client, HttpCall call, MeshClientHttpRequest request)
			throws IOException {
		HttpRequest transformed = new AddressedRequest(request, call);
		this.forwarded.addTo(transformed.getHeaders(), call.service(), request.getURI());
		ServiceInstance instance = new MeshServiceInstance(call.instance());
		for (LoadBalancerRequestTransformer transformer : this.transformers) {
			transformed = transformer.transformRequest(transformed, instance);
		}
		ClientHttpRequest attempt = client.createRequest(transformed.getURI(), transformed.getMethod());
		attempt.getHeaders().addAll(transformed.getHeaders());
		return attempt;
	}

	/**
	 * Creates a request to a host that is not the mesh's.
	 * @param client the client that carries it out
	 * @param request the request of the app
	 * @return the same request, to be executed
	 * @throws IOException if the client cannot create one
	 */
	ClientHttpRequest passThrough(ClientHttpRequestFactory client, MeshClientHttpRequest request) throws IOException {
		ClientHttpRequest passed = client.createRequest(request.getURI(), request.getMethod());
		request.copyHeaders(passed.getHeaders());
		fillAttributes(passed, request);
		Body body = request.body();
		if (body != null) {
			write(body, passed);
		}
		return passed;
	}

	private static void fillAttributes(ClientHttpRequest request, MeshClientHttpRequest from) {
		if (!from.attributes().isEmpty()) {
			request.getAttributes().putAll(from.attributes());
		}
	}

	private static void write(Body body, ClientHttpRequest request) throws IOException {
		if (request instanceof StreamingHttpOutputMessage streaming) {
			streaming.setBody(body);
		}
		else {
			body.writeTo(StreamUtils.nonClosing(request.getBody()));
		}
	}

}
