package io.redmesh.autoconfigure.webclient;

import io.redmesh.autoconfigure.call.CallAutoConfiguration;
import io.redmesh.autoconfigure.call.HttpCalls;
import io.redmesh.autoconfigure.call.MeshClient;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.cloud.client.loadbalancer.reactive.LoadBalancedExchangeFilterFunction;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Scope;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Auto-configures the driver of the reactive client: for the {@link MeshClient} builder,
 * and for everything {@code @LoadBalanced}.
 */
@AutoConfiguration(after = { CallAutoConfiguration.class, WebClientAutoConfiguration.class },
		beforeName = "org.springframework.cloud.client.loadbalancer.reactive.ReactorLoadBalancerClientAutoConfiguration")
@ConditionalOnClass(WebClient.class)
@ConditionalOnBean(HttpCalls.class)
public final class MeshWebClientAutoConfiguration {

	// Primary, because Spring Cloud Commons always adds a filter of its own.
	@Bean
	@Primary
	@ConditionalOnMissingBean(LoadBalancedExchangeFilterFunction.class)
	MeshExchangeFilter meshExchangeFilter(HttpCalls calls) {
		return new MeshExchangeFilter(calls);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(WebClientCustomizer.class)
	static class Builder {

		// No default candidate: Boot's own builder stays, and stays untouched.
		@Bean(defaultCandidate = false)
		@MeshClient
		@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
		@ConditionalOnMissingBean(name = "meshWebClientBuilder")
		WebClient.Builder meshWebClientBuilder(ObjectProvider<WebClientCustomizer> customizers,
				LoadBalancedExchangeFilterFunction filter) {
			WebClient.Builder builder = WebClient.builder();
			customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
			return builder.filter(filter);
		}

	}

}
