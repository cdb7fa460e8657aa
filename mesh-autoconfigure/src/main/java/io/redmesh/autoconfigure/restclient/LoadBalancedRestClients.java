package io.redmesh.autoconfigure.restclient;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.client.loadbalancer.DeferringLoadBalancerInterceptor;
import org.springframework.cloud.client.loadbalancer.LoadBalancerRestClientBuilderBeanPostProcessor;
import org.springframework.context.ApplicationContext;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.web.client.RestClient;

/**
 * The post-processor that installs the mesh in each
 * {@code @LoadBalanced RestClient.Builder}, where Spring Cloud would add an interceptor.
 */
final class LoadBalancedRestClients
		extends LoadBalancerRestClientBuilderBeanPostProcessor<DeferringLoadBalancerInterceptor> {

	private final ObjectProvider<MeshRequestFactories> factories;

	LoadBalancedRestClients(ObjectProvider<DeferringLoadBalancerInterceptor> interceptor,
			ObjectProvider<MeshRequestFactories> factories, ApplicationContext context) {
		super(interceptor, context);
		this.factories = factories;
	}

	@Override
	protected Object apply(Object bean, ClientHttpRequestInterceptor interceptor) {
		return this.factories.getObject().install((RestClient.Builder) bean);
	}

}
