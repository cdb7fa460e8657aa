package io.redmesh.autoconfigure.cloud;

import io.redmesh.autoconfigure.call.CallAutoConfiguration;
import io.redmesh.autoconfigure.call.HttpCalls;
import io.redmesh.autoconfigure.discovery.FirstSnapshot;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClient;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClientsProperties;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClientSpecification;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;

/**
 * Auto-configures load balancing as Spring Cloud Commons defines it. This makes Spring
 * Cloud process all {@code @LoadBalanced} beans, and HTTP service groups.
 */
@AutoConfiguration(after = CallAutoConfiguration.class,
		beforeName = { "org.springframework.cloud.client.loadbalancer.LoadBalancerAutoConfiguration",
				"org.springframework.cloud.client.loadbalancer.reactive.LoadBalancerBeanPostProcessorAutoConfiguration",
				"org.springframework.cloud.client.loadbalancer.reactive.ReactorLoadBalancerClientAutoConfiguration",
				"org.springframework.cloud.loadbalancer.config.BlockingLoadBalancerClientAutoConfiguration",
				"org.springframework.cloud.loadbalancer.config.LoadBalancerAutoConfiguration" })
@ConditionalOnBean(HttpCalls.class)
@EnableConfigurationProperties(LoadBalancerClientsProperties.class)
public final class CloudLoadBalancerAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(LoadBalancerClient.class)
	MeshLoadBalancerClient meshLoadBalancerClient(HttpCalls calls) {
		return new MeshLoadBalancerClient(calls);
	}

	// Primary, because spring-cloud-loadbalancer always adds a factory of its own.
	@Bean
	@Primary
	@ConditionalOnMissingBean
	MeshReactiveLoadBalancerFactory meshReactiveLoadBalancerFactory(LoadBalancerClient client, FirstSnapshot first,
			LoadBalancerClientsProperties properties, CallReports reports) {
		return new MeshReactiveLoadBalancerFactory(client, first, properties, reports);
	}

	@Bean
	CallReports meshCallReports() {
		return new CallReports();
	}

	@Bean
	@Lazy(false)
	UnusedSettings meshUnusedSettings(Environment environment, ObjectProvider<LoadBalancerParts> parts) {
		return new UnusedSettings(environment, parts);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(LoadBalancerClientFactory.class)
	static class SpringCloudLoadBalancer {

		@Bean
		LoadBalancerParts meshLoadBalancerParts(ListableBeanFactory beans) {
			return new LoadBalancerParts(beans);
		}

		// A name with the prefix "default." makes it part of the context of each service.
		@Bean
		LoadBalancerClientSpecification meshLoadBalancerClientSpecification() {
			return new LoadBalancerClientSpecification("default.mesh",
					new Class<?>[] { ServiceLoadBalancerConfiguration.class });
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ GlobalFilter.class, LoadBalancerClientFactory.class })
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	static class Gateway {

		@Bean
		MeshGatewayFilter meshGatewayFilter() {
			return new MeshGatewayFilter();
		}

	}

}
