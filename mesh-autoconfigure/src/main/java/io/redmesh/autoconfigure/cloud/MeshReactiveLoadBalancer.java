package io.redmesh.autoconfigure.cloud;

import reactor.core.publisher.Mono;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.EmptyResponse;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClient;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.client.loadbalancer.reactive.ReactiveLoadBalancer;

/** Chooses instances of one service; choosing never blocks. */
final class MeshReactiveLoadBalancer implements ReactiveLoadBalancer<ServiceInstance> {

	private final LoadBalancerClient client;

	private final String service;

	MeshReactiveLoadBalancer(LoadBalancerClient client, String service) {
		this.client = client;
		this.service = service;
	}

	@Override
	@SuppressWarnings("rawtypes")
	public Mono<Response<ServiceInstance>> choose(Request request) {
		return Mono.fromSupplier(() -> {
			ServiceInstance instance = this.client.choose(this.service);
			return (instance != null) ? new DefaultResponse(instance) : new EmptyResponse();
		});
	}

}
