package io.redmesh.autoconfigure.cloud;

import java.util.concurrent.CompletableFuture;

import io.redmesh.autoconfigure.discovery.FirstSnapshot;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.EmptyResponse;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClient;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.client.loadbalancer.reactive.ReactiveLoadBalancer;

/** The load balancer of one service; choosing an instance never blocks. */
final class MeshReactiveLoadBalancer implements ReactiveLoadBalancer<ServiceInstance> {

	private final LoadBalancerClient client;

	private final FirstSnapshot first;

	private final String service;

	MeshReactiveLoadBalancer(LoadBalancerClient client, FirstSnapshot first, String service) {
		this.client = client;
		this.first = first;
		this.service = service;
	}

	@SuppressWarnings("unchecked")
	private @Nullable ServiceInstance pick(Request<?> request) {
		return this.client.choose(this.service, (Request<Object>) request);
	}

	@Override
	@SuppressWarnings("rawtypes")
	public Mono<Response<ServiceInstance>> choose(Request request) {
		Mono<Response<ServiceInstance>> chosen = Mono.fromSupplier(() -> {
			ServiceInstance instance = pick(request);
			return (instance != null) ? new DefaultResponse(instance) : new EmptyResponse();
		});
		return Mono.defer(() -> {
			CompletableFuture<Void> first = this.first.before(this.service);
			return (first == null) ? chosen
					: chosen.delaySubscription(Mono.fromFuture(first, true).publishOn(Schedulers.parallel()));
		});
	}

}
