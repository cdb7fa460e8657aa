package io.redmesh.autoconfigure.cloud;

import io.redmesh.autoconfigure.discovery.FirstSnapshot;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClient;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * The mesh's part of the context that spring-cloud-loadbalancer makes for each service.
 * Gateway looks there for the load balancer of that service.
 */
@Configuration(proxyBeanMethods = false)
class ServiceLoadBalancerConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ReactorServiceInstanceLoadBalancer meshServiceLoadBalancer(LoadBalancerClient client, FirstSnapshot first,
			Environment environment) {
		String service = environment.getRequiredProperty(LoadBalancerClientFactory.PROPERTY_NAME);
		return new MeshReactiveLoadBalancer(client, first, service)::choose;
	}

}
