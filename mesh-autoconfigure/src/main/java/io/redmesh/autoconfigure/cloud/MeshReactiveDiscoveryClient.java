package io.redmesh.autoconfigure.cloud;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.redmesh.autoconfigure.discovery.FirstSnapshot;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;

/**
 * The reactive discovery client, which publishes what {@link MeshDiscoveryClient}
 * returns; nothing blocks.
 */
final class MeshReactiveDiscoveryClient implements ReactiveDiscoveryClient {

	private final MeshDiscoveryClient client;

	private final FirstSnapshot first;

	MeshReactiveDiscoveryClient(MeshDiscoveryClient client, FirstSnapshot first) {
		this.client = client;
		this.first = first;
	}

	@Override
	public String description() {
		return this.client.description();
	}

	@Override
	public Flux<ServiceInstance> getInstances(String serviceId) {
		return afterFirstSnapshot(serviceId, () -> this.client.known(serviceId));
	}

	@Override
	public Flux<String> getServices() {
		return afterFirstSnapshot("", this.client::known);
	}

	private <T> Flux<T> afterFirstSnapshot(String service, Supplier<List<T>> known) {
		return Flux.defer(() -> {
			CompletableFuture<Void> first = this.first.before(service);
			Flux<T> answer = Flux.defer(() -> Flux.fromIterable(known.get()));
			return (first == null) ? answer
					: answer.delaySubscription(Mono.fromFuture(first, true).publishOn(Schedulers.parallel()));
		});
	}

}
