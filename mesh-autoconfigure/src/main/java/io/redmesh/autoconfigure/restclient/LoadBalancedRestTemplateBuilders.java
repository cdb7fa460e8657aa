package io.redmesh.autoconfigure.restclient;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.cloud.client.loadbalancer.DeferringLoadBalancerInterceptor;
import org.springframework.cloud.client.loadbalancer.LoadBalancerRestTemplateBuilderBeanPostProcessor;
import org.springframework.context.ApplicationContext;
import org.springframework.http.client.ClientHttpRequestInterceptor;

/**
 * The post-processor that installs the mesh in each
 * {@code @LoadBalanced RestTemplateBuilder}, where Spring Cloud would add an interceptor.
 */
final class LoadBalancedRestTemplateBuilders
		extends LoadBalancerRestTemplateBuilderBeanPostProcessor<DeferringLoadBalancerInterceptor> {

	private final ObjectProvider<MeshRequestFactories> factories;

	LoadBalancedRestTemplateBuilders(ObjectProvider<DeferringLoadBalancerInterceptor> interceptor,
			ObjectProvider<MeshRequestFactories> factories, ApplicationContext context) {
		super(interceptor, context);
		this.factories = factories;
	}

	@Override
	protected Object apply(Object bean, ClientHttpRequestInterceptor interceptor) {
		RestTemplateBuilder builder = (RestTemplateBuilder) bean;
		return builder.requestFactoryBuilder(this.factories.getObject().wrap(builder.requestFactoryBuilder()));
	}

}
