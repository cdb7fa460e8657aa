package io.redmesh.autoconfigure.cloud;

import reactor.core.publisher.Flux;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;

/** What {@link MeshDiscoveryClient} tells, as publishers; nothing blocks. */
final class MeshReactiveDiscoveryClient implements ReactiveDiscoveryClient {

	private final MeshDiscoveryClient client;

	MeshReactiveDiscoveryClient(MeshDiscoveryClient client) {
		this.client = client;
	}

	@Override
	public String description() {
		return this.client.description();
	}

	@Override
	public Flux<ServiceInstance> getInstances(String serviceId) {
		return Flux.defer(() -> Flux.fromIterable(this.client.getInstances(serviceId)));
	}

	@Override
	public Flux<String> getServices() {
		return Flux.defer(() -> Flux.fromIterable(this.client.getServices()));
	}

}
