package io.redmesh.autoconfigure.restclient;

import io.redmesh.autoconfigure.call.CallAutoConfiguration;
import io.redmesh.autoconfigure.call.HttpCalls;
import io.redmesh.autoconfigure.call.MeshClient;
import io.redmesh.autoconfigure.call.ReactorConnections;
import io.redmesh.autoconfigure.cloud.ForwardedHeaders;
import io.redmesh.autoconfigure.cloud.OwnTransformers;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientProperties;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestTemplateAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestTemplateBuilderConfigurer;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.cloud.client.loadbalancer.BlockingLoadBalancerInterceptor;
import org.springframework.cloud.client.loadbalancer.DeferringLoadBalancerInterceptor;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClientsProperties;
import org.springframework.cloud.client.loadbalancer.LoadBalancerRequestTransformer;
import org.springframework.cloud.client.loadbalancer.LoadBalancerRestClientBuilderBeanPostProcessor;
import org.springframework.cloud.client.loadbalancer.LoadBalancerRestClientHttpServiceGroupConfigurer;
import org.springframework.cloud.client.loadbalancer.LoadBalancerRestTemplateBuilderBeanPostProcessor;
import org.springframework.cloud.client.loadbalancer.RestTemplateCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Scope;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientHttpServiceGroupConfigurer;

/**
 * Auto-configures the mesh as the transport of blocking clients: of the
 * {@link MeshClient} builders, of all {@code @LoadBalanced} clients, and of the groups of
 * HTTP services.
 */
@AutoConfiguration(
		afterName = "org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientPropertiesAutoConfiguration",

		after = { CallAutoConfiguration.class, RestClientAutoConfiguration.class, RestTemplateAutoConfiguration.class },
		beforeName = "org.springframework.cloud.client.loadbalancer.LoadBalancerAutoConfiguration")
@ConditionalOnClass({ RestClient.class, ClientHttpRequestFactoryBuilder.class, RestClientCustomizer.class })
@ConditionalOnBean(HttpCalls.class)
public final class MeshRestClientAutoConfiguration {

	@Bean
	BlockingDriver meshBlockingDriver(HttpCalls calls, Time time, Timer timer) {
		return new BlockingDriver(calls, new TimeLimits(time, timer), time);
	}

	@Bean
	MeshRequestFactories meshRequestFactories(BlockingDriver driver,
			ObjectProvider<LoadBalancerClientsProperties> properties,
			ObjectProvider<LoadBalancerRequestTransformer> transformers,
			ObjectProvider<ClientHttpRequestFactoryBuilder<?>> builders, ObjectProvider<HttpClientSettings> settings,
			ObjectProvider<ReactorConnections> reactor, BootRequestFactories boot) {
		return new MeshRequestFactories(driver,
				new Exchanges(new ForwardedHeaders(properties.getIfUnique()), OwnTransformers.of(transformers)),
				builders, settings, reactor, boot);
	}

	@Bean
	static BootRequestFactories meshBootRequestFactories(ObjectProvider<ClientHttpRequestFactoryBuilder<?>> builders,
			ObjectProvider<HttpClientSettings> settings) {
		return new BootRequestFactories(builders, settings);
	}

	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE)
	static ClientHttpRequestFactoryBuilderCustomizer<ClientHttpRequestFactoryBuilder<?>> meshRequestFactoryNotice(
			BootRequestFactories boot) {
		return boot::recording;
	}

	// Not a default candidate, here and below: Boot's own beans stay, and stay untouched.
	@Bean(defaultCandidate = false)
	@MeshClient
	@Lazy
	ClientHttpRequestFactory meshClientHttpRequestFactory(MeshRequestFactories factories) {
		return factories.shared();
	}

	// Primary, because Spring Cloud Commons always adds an interceptor of its own.
	@Bean
	@Primary
	@ConditionalOnMissingBean(BlockingLoadBalancerInterceptor.class)
	MeshRequestInterceptor meshRequestInterceptor(BlockingDriver driver) {
		return new MeshRequestInterceptor(driver);
	}

	@Bean
	@ConditionalOnMissingBean
	RestTemplateCustomizer meshRestTemplateCustomizer(MeshRequestFactories factories) {
		return factories::install;
	}

	@Bean
	@ConditionalOnMissingBean(LoadBalancerRestClientBuilderBeanPostProcessor.class)
	static LoadBalancedRestClients meshLoadBalancedRestClients(
			ObjectProvider<DeferringLoadBalancerInterceptor> interceptor,
			ObjectProvider<MeshRequestFactories> factories, ApplicationContext context) {
		return new LoadBalancedRestClients(interceptor, factories, context);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(RestClientCustomizer.class)
	static class RestClients {

		@Bean(defaultCandidate = false)
		@MeshClient
		@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
		@ConditionalOnMissingBean(name = "meshRestClientBuilder")
		RestClient.Builder meshRestClientBuilder(ObjectProvider<RestClientCustomizer> customizers,
				MeshRequestFactories factories) {
			RestClient.Builder builder = RestClient.builder().requestFactory(factories.shared());
			customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
			return factories.install(builder);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(RestTemplateBuilderConfigurer.class)
	static class RestTemplates {

		// Not a prototype as the other builders are: this builder is immutable and makes
		// new ones.
		@Bean(defaultCandidate = false)
		@MeshClient
		@Lazy
		@ConditionalOnBean(RestTemplateBuilderConfigurer.class)
		@ConditionalOnMissingBean(name = "meshRestTemplateBuilder")
		RestTemplateBuilder meshRestTemplateBuilder(RestTemplateBuilderConfigurer configurer,
				MeshRequestFactories factories) {
			RestTemplateBuilder builder = configurer.configure(new RestTemplateBuilder());
			return builder.requestFactoryBuilder(factories.wrap(builder.requestFactoryBuilder()));
		}

		@Bean
		@ConditionalOnMissingBean(LoadBalancerRestTemplateBuilderBeanPostProcessor.class)
		static LoadBalancedRestTemplateBuilders meshLoadBalancedRestTemplateBuilders(
				ObjectProvider<DeferringLoadBalancerInterceptor> interceptor,
				ObjectProvider<MeshRequestFactories> factories, ApplicationContext context) {
			return new LoadBalancedRestTemplateBuilders(interceptor, factories, context);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ RestClientHttpServiceGroupConfigurer.class, HttpServiceClientProperties.class })
	@ConditionalOnBean(HttpServiceClientProperties.class)
	static class Groups {

		@Bean
		MeshRestClientGroups.Transports meshRestClientGroupTransports(MeshRequestFactories factories,
				HttpServiceClientProperties properties, ObjectProvider<SslBundles> bundles,
				ObjectProvider<HttpClientSettings> settings) {
			return new MeshRestClientGroups.Transports(factories, properties, bundles.getIfAvailable(),
					settings.getIfUnique());
		}

		@Bean
		@ConditionalOnMissingBean(LoadBalancerRestClientHttpServiceGroupConfigurer.class)
		MeshRestClientGroups meshRestClientGroups(ObjectProvider<DeferringLoadBalancerInterceptor> interceptor,
				HttpServiceClientProperties properties, MeshRequestFactories factories) {
			return new MeshRestClientGroups(interceptor, properties, factories);
		}

	}

}
