package io.redmesh.autoconfigure.cloud;

import java.util.Map;

import io.redmesh.autoconfigure.discovery.FirstSnapshot;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClient;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClientsProperties;
import org.springframework.cloud.client.loadbalancer.LoadBalancerProperties;
import org.springframework.cloud.client.loadbalancer.reactive.ReactiveLoadBalancer;

/**
 * The factory of a load balancer for any service. Spring Cloud configures HTTP service
 * groups only where there is such a factory. It works without Reactor until a load
 * balancer is asked for.
 */
final class MeshReactiveLoadBalancerFactory implements ReactiveLoadBalancer.Factory<ServiceInstance> {

	private final LoadBalancerClient client;

	private final FirstSnapshot first;

	private final LoadBalancerClientsProperties properties;

	private final CallReports reports;

	MeshReactiveLoadBalancerFactory(LoadBalancerClient client, FirstSnapshot first,
			LoadBalancerClientsProperties properties, CallReports reports) {
		this.client = client;
		this.first = first;
		this.properties = properties;
		this.reports = reports;
	}

	@Override
	public LoadBalancerProperties getProperties(String serviceId) {
		LoadBalancerProperties own = this.properties.getClients().get(serviceId);
		return (own != null) ? own : this.properties;
	}

	@Override
	public ReactiveLoadBalancer<ServiceInstance> getInstance(String serviceId) {
		return new MeshReactiveLoadBalancer(this.client, this.first, serviceId);
	}

	// The mesh has no context for each service, which could hold parts of its own. But a
	// caller that looks up the listeners of calls gets the one that reports to the mesh.
	@Override
	public <X> Map<String, X> getInstances(String name, Class<X> type) {
		return type.isInstance(this.reports) ? Map.of("meshCallReports", type.cast(this.reports)) : Map.of();
	}

	// As inherited; null for any other type.
	@Override
	@SuppressWarnings({ "unchecked", "NullAway", "TypeParameterUnusedInFormals" })
	public <X> X getInstance(String name, Class<?> type, Class<?>... generics) {
		return type.isAssignableFrom(MeshReactiveLoadBalancer.class) ? (X) getInstance(name) : null;
	}

}
