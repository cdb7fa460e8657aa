package io.redmesh.autoconfigure.webclient;

import io.redmesh.autoconfigure.call.CallAutoConfiguration;
import io.redmesh.autoconfigure.call.HttpCalls;
import io.redmesh.autoconfigure.call.MeshClient;
import io.redmesh.autoconfigure.call.ReactorConnections;
import io.redmesh.autoconfigure.call.TimeoutScanner;
import io.redmesh.autoconfigure.cloud.ForwardedHeaders;
import io.redmesh.autoconfigure.cloud.OwnTransformers;
import io.redmesh.core.time.Time;
import io.redmesh.core.time.Timer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientProperties;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClientsProperties;
import org.springframework.cloud.client.loadbalancer.reactive.DeferringLoadBalancerExchangeFilterFunction;
import org.springframework.cloud.client.loadbalancer.reactive.LoadBalancedExchangeFilterFunction;
import org.springframework.cloud.client.loadbalancer.reactive.LoadBalancerClientRequestTransformer;
import org.springframework.cloud.client.loadbalancer.reactive.LoadBalancerWebClientHttpServiceGroupConfigurer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Scope;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.support.WebClientHttpServiceGroupConfigurer;

/**
 * Auto-configures the mesh as the transport of reactive clients: of the
 * {@link MeshClient} builder, of all {@code @LoadBalanced} clients, and of the groups of
 * HTTP services.
 */
@AutoConfiguration(
		afterName = "org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientPropertiesAutoConfiguration",
		after = { CallAutoConfiguration.class, WebClientAutoConfiguration.class },
		beforeName = {
				"org.springframework.cloud.client.loadbalancer.reactive.ReactorLoadBalancerClientAutoConfiguration",
				"org.springframework.cloud.client.loadbalancer.reactive.LoadBalancerBeanPostProcessorAutoConfiguration" })
@ConditionalOnClass({ WebClient.class, ClientHttpConnectorBuilder.class })
@ConditionalOnBean(HttpCalls.class)
public final class MeshWebClientAutoConfiguration {

	@Bean
	ReactiveCalls meshReactiveCalls(HttpCalls calls, Time time, Timer timer) {
		return new ReactiveCalls(calls, new AttemptTimeouts(new TimeoutScanner(time, timer)));
	}

	@Bean
	MeshConnectors meshConnectors(ReactiveCalls calls, ObjectProvider<LoadBalancerClientsProperties> properties,
			ObjectProvider<LoadBalancerClientRequestTransformer> transformers,
			ObjectProvider<ClientHttpConnectorBuilder<?>> builders, ObjectProvider<HttpClientSettings> settings,
			ObjectProvider<ReactorConnections> reactor, ObjectProvider<ReactorResourceFactory> resources) {
		return new MeshConnectors(calls, new ForwardedHeaders(properties.getIfUnique()),
				OwnTransformers.of(transformers), builders, settings, reactor, resources);
	}

	// Not a default candidate, here and below: Boot's own beans stay, and stay untouched.
	@Bean(defaultCandidate = false)
	@MeshClient
	@Lazy
	ClientHttpConnector meshClientHttpConnector(MeshConnectors connectors) {
		return connectors.shared();
	}

	// Primary, because Spring Cloud Commons always adds a filter of its own.
	@Bean
	@Primary
	@ConditionalOnMissingBean(LoadBalancedExchangeFilterFunction.class)
	MeshExchangeFilter meshExchangeFilter(ReactiveCalls calls) {
		return new MeshExchangeFilter(calls.calls(), calls.timeouts());
	}

	@Bean
	static LoadBalancedWebClients meshLoadBalancedWebClients(ObjectProvider<MeshConnectors> connectors,
			ApplicationContext context, ConfigurableListableBeanFactory beans) {
		return new LoadBalancedWebClients(connectors, context, beans);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(WebClientCustomizer.class)
	static class Builder {

		@Bean(defaultCandidate = false)
		@MeshClient
		@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
		@ConditionalOnMissingBean(name = "meshWebClientBuilder")
		WebClient.Builder meshWebClientBuilder(ObjectProvider<WebClientCustomizer> customizers,
				MeshConnectors connectors, ConfigurableListableBeanFactory beans) {
			WebClient.Builder builder = WebClient.builder();
			customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
			return connectors.install(builder, MeshConnectors.bootConnector(beans));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ WebClientHttpServiceGroupConfigurer.class, HttpServiceClientProperties.class })
	@ConditionalOnBean(HttpServiceClientProperties.class)
	static class Groups {

		@Bean
		MeshWebClientGroups.Transports meshWebClientGroupTransports(MeshConnectors connectors,
				HttpServiceClientProperties properties, ObjectProvider<SslBundles> bundles,
				ObjectProvider<HttpClientSettings> settings) {
			return new MeshWebClientGroups.Transports(connectors, properties, bundles.getIfAvailable(),
					settings.getIfUnique());
		}

		@Bean
		@ConditionalOnMissingBean(LoadBalancerWebClientHttpServiceGroupConfigurer.class)
		MeshWebClientGroups meshWebClientGroups(
				ObjectProvider<DeferringLoadBalancerExchangeFilterFunction<LoadBalancedExchangeFilterFunction>> filter,
				HttpServiceClientProperties properties, MeshConnectors connectors) {
			return new MeshWebClientGroups(filter, properties, connectors);
		}

	}

}
