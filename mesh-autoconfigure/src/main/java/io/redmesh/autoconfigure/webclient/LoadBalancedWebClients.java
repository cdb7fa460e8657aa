package io.redmesh.autoconfigure.webclient;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.cloud.client.loadbalancer.reactive.DeferringLoadBalancerExchangeFilterFunction;
import org.springframework.context.ApplicationContext;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * The post-processor that installs the mesh in each
 * {@code @LoadBalanced WebClient.Builder}, in place of the filter that Spring Cloud has
 * added before.
 */
final class LoadBalancedWebClients implements BeanPostProcessor {

	private final ObjectProvider<MeshConnectors> connectors;

	private final ApplicationContext context;

	private final ConfigurableListableBeanFactory beans;

	LoadBalancedWebClients(ObjectProvider<MeshConnectors> connectors, ApplicationContext context,
			ConfigurableListableBeanFactory beans) {
		this.connectors = connectors;
		this.context = context;
		this.beans = beans;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (!(bean instanceof WebClient.Builder builder)
				|| this.context.findAnnotationOnBean(beanName, LoadBalanced.class) == null) {
			return bean;
		}
		builder.filters((filters) -> filters.removeIf(DeferringLoadBalancerExchangeFilterFunction.class::isInstance));
		return this.connectors.getObject().install(builder, MeshConnectors.bootConnector(this.beans));
	}

}
