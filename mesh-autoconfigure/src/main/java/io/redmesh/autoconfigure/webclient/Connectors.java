package io.redmesh.autoconfigure.webclient;

import java.net.URI;
import java.util.List;
import java.util.function.Supplier;

import io.redmesh.autoconfigure.call.HttpCall;
import io.redmesh.autoconfigure.cloud.ForwardedHeaders;
import io.redmesh.autoconfigure.cloud.MeshServiceInstance;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.reactive.LoadBalancerClientRequestTransformer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.reactive.function.client.ClientRequest;

/**
 * The HTTP clients beneath the mesh: one that is tuned for attempts, and the app's own
 * for requests to other hosts. Each is created when it is first needed.
 * <p>
 * Safe for use by many threads.
 */
final class Connectors {

	private final SingletonSupplier<ClientHttpConnector> attempts;

	private final SingletonSupplier<ClientHttpConnector> passThrough;

	private final ForwardedHeaders forwarded;

	private final List<LoadBalancerClientRequestTransformer> transformers;

	/**
	 * Creates the clients.
	 * @param attempts the supplier of the client for attempts
	 * @param passThrough the supplier of the client for requests to other hosts
	 * @param forwarded the headers that name the URI that the app has called
	 * @param transformers the app's own changes to the request of each attempt
	 */
	Connectors(Supplier<? extends ClientHttpConnector> attempts, Supplier<? extends ClientHttpConnector> passThrough,
			ForwardedHeaders forwarded, List<LoadBalancerClientRequestTransformer> transformers) {
		this.attempts = SingletonSupplier.of(attempts::get);
		this.passThrough = SingletonSupplier.of(passThrough::get);
		this.forwarded = forwarded;
		this.transformers = List.copyOf(transformers);
	}

	ClientHttpConnector attemptClient() {
		return this.attempts.obtain();
	}

	ClientHttpConnector passThroughClient() {
		return this.passThrough.obtain();
	}

	/**
	 * Adds the mesh's and the forwarded headers to a request.
	 * @param headers the headers of the current attempt
	 * @param call the call
	 * @param uri the URI of the request, as the app wrote it
	 */
	void addTo(HttpHeaders headers, HttpCall call, URI uri) {
		call.addTo(headers);
		this.forwarded.addTo(headers, call.service(), uri);
	}

	boolean hasTransformers() {
		return !this.transformers.isEmpty();
	}

	/**
	 * Applies the app's own changes to the current attempt's request; its body stays.
	 * @param call the call
	 * @param uri the URI of the request, as the app wrote it
	 * @param head the head of the request
	 * @return the request to be sent
	 */
	ClientRequest transform(HttpCall call, URI uri, RequestHead head) {
		ClientRequest request = ClientRequest.create(head.getMethod(), call.address(uri)).headers((headers) -> {
			headers.addAll(head.getHeaders());
			addTo(headers, call, uri);
		}).attributes((attributes) -> attributes.putAll(head.getAttributes())).build();
		ServiceInstance instance = new MeshServiceInstance(call.instance());
		for (LoadBalancerClientRequestTransformer transformer : this.transformers) {
			request = transformer.transformRequest(request, instance);
		}
		return request;
	}

}
