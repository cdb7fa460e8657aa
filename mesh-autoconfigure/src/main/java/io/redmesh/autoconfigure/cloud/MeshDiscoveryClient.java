package io.redmesh.autoconfigure.cloud;

import java.io.InterruptedIOException;
import java.util.List;
import java.util.Locale;

import io.redmesh.autoconfigure.discovery.FirstSnapshot;
import io.redmesh.core.instance.Instance;
import io.redmesh.core.instance.Status;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.registry.ServiceSnapshot;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;

/**
 * The discovery client, which returns the instances that can be called. It reads memory,
 * never asks the registry and never fails. It waits only before the first list of
 * services, for that list.
 */
final class MeshDiscoveryClient implements DiscoveryClient {

	private final Catalog catalog;

	private final FirstSnapshot first;

	MeshDiscoveryClient(Catalog catalog, FirstSnapshot first) {
		this.catalog = catalog;
		this.first = first;
	}

	@Override
	public String description() {
		return "Redmesh";
	}

	@Override
	public List<ServiceInstance> getInstances(String serviceId) {
		await(serviceId);
		return known(serviceId);
	}

	private void await(String service) {
		try {
			this.first.await(service);
		}
		catch (InterruptedIOException ex) {
			// The thread is interrupted again, and gets what is known.
		}
	}

	List<ServiceInstance> known(String serviceId) {
		ServiceSnapshot snapshot = this.catalog.service(serviceId.toLowerCase(Locale.ROOT));
		return (snapshot == null) ? List.of()
				: snapshot.instances()
					.stream()
					.filter(MeshDiscoveryClient::canBeCalled)
					.<ServiceInstance>map(MeshServiceInstance::new)
					.toList();
	}

	private static boolean canBeCalled(Instance instance) {
		return instance.status() == Status.UP && instance.port() > 0;
	}

	@Override
	public List<String> getServices() {
		await("");
		return known();
	}

	List<String> known() {
		return List.copyOf(this.catalog.services());
	}

}
