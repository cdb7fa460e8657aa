package io.redmesh.autoconfigure.restclient;

import java.util.ArrayList;
import java.util.List;

import io.redmesh.autoconfigure.call.CallAutoConfiguration;
import io.redmesh.autoconfigure.call.HttpCalls;
import io.redmesh.autoconfigure.call.MeshClient;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.SimpleClientHttpRequestFactoryBuilder;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientBuilderConfigurer;
import org.springframework.boot.restclient.autoconfigure.RestTemplateAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestTemplateBuilderConfigurer;
import org.springframework.cloud.client.loadbalancer.BlockingLoadBalancerInterceptor;
import org.springframework.cloud.client.loadbalancer.RestTemplateCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Scope;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.web.client.RestClient;

/**
 * Auto-configures the driver of the blocking clients: for the {@link MeshClient}
 * builders, and for everything {@code @LoadBalanced}.
 */
@AutoConfiguration(
		after = { CallAutoConfiguration.class, RestClientAutoConfiguration.class, RestTemplateAutoConfiguration.class },
		beforeName = "org.springframework.cloud.client.loadbalancer.LoadBalancerAutoConfiguration")
@ConditionalOnClass(RestClient.class)
@ConditionalOnBean(HttpCalls.class)
@Import({ ApacheClientConfiguration.class, JettyClientConfiguration.class })
public final class MeshRestClientAutoConfiguration {

	// Primary, because Spring Cloud Commons always adds an interceptor of its own.
	@Bean
	@Primary
	@ConditionalOnMissingBean(BlockingLoadBalancerInterceptor.class)
	MeshRequestInterceptor meshRequestInterceptor(HttpCalls calls, Time time, Timer timer) {
		return new MeshRequestInterceptor(calls, new TimeLimits(time, timer), time);
	}

	@Bean
	@ConditionalOnMissingBean
	RestTemplateCustomizer meshRestTemplateCustomizer(BlockingLoadBalancerInterceptor interceptor) {
		return (restTemplate) -> {
			List<ClientHttpRequestInterceptor> interceptors = new ArrayList<>(restTemplate.getInterceptors());
			// With interceptors it hides what makes its requests.
			restTemplate.setInterceptors(List.of());
			UnfitClientException.requireFit("A RestTemplate that is @LoadBalanced", restTemplate.getRequestFactory());
			interceptors.add(interceptor);
			restTemplate.setInterceptors(interceptors);
		};
	}

	// No default candidates: Boot's own builders stay, and stay untouched.
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(RestClientBuilderConfigurer.class)
	@ConditionalOnBean(RestClientBuilderConfigurer.class)
	static class RestClients {

		@Bean(defaultCandidate = false)
		@MeshClient
		@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
		@ConditionalOnMissingBean(name = "meshRestClientBuilder")
		RestClient.Builder meshRestClientBuilder(RestClientBuilderConfigurer configurer,
				ObjectProvider<ClientHttpRequestFactoryBuilder<?>> clients,
				BlockingLoadBalancerInterceptor interceptor) {
			if (clients.getIfUnique() instanceof SimpleClientHttpRequestFactoryBuilder) {
				throw new UnfitClientException("The RestClient.Builder of the mesh");
			}
			return configurer.configure(RestClient.builder()).requestInterceptor(interceptor);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(RestTemplateBuilderConfigurer.class)
	@ConditionalOnBean(RestTemplateBuilderConfigurer.class)
	static class RestTemplates {

		// No prototype as the others: this builder never changes, it makes others.
		@Bean(defaultCandidate = false)
		@MeshClient
		@Lazy
		@ConditionalOnMissingBean(name = "meshRestTemplateBuilder")
		RestTemplateBuilder meshRestTemplateBuilder(RestTemplateBuilderConfigurer configurer,
				ObjectProvider<ClientHttpRequestFactoryBuilder<?>> clients,
				BlockingLoadBalancerInterceptor interceptor) {
			if (clients.getIfUnique() instanceof SimpleClientHttpRequestFactoryBuilder) {
				throw new UnfitClientException("The RestTemplateBuilder of the mesh");
			}
			return configurer.configure(new RestTemplateBuilder()).additionalInterceptors(interceptor);
		}

	}

}
