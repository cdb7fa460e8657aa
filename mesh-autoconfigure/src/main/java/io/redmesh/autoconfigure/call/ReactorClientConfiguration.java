package io.redmesh.autoconfigure.call;

import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * Makes Reactor Netty's client fit for the mesh, for blocking and reactive calls: it
 * opens as many connections as there are calls, where 500 to an instance would be a limit
 * that nobody sees. That it tries again what it could not begin to send stays: nobody has
 * got it then, and another connection to the same instance will do.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ HttpClient.class, ReactorClientHttpConnectorBuilder.class, ReactorResourceFactory.class })
class ReactorClientConfiguration {

	/** More than calls that could wait for them. */
	private static final int MAX_CONNECTIONS = 10_000;

	@Bean(defaultCandidate = false, destroyMethod = "dispose")
	@Qualifier("meshConnectionProvider")
	ConnectionProvider meshConnectionProvider() {
		return connections();
	}

	// First, so that the app's own customizers have the last word.
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	ClientHttpRequestFactoryBuilderCustomizer<ReactorClientHttpRequestFactoryBuilder> meshReactorClientCustomizer(
			@Qualifier("meshConnectionProvider") ConnectionProvider connections) {
		return (builder) -> customize(builder, connections);
	}

	// Just after Boot's own, of order 0, which takes the connections of the resources.
	// Those that the app has made itself have the limits that it wants.
	@Bean
	@Order(1)
	ClientHttpConnectorBuilderCustomizer<ReactorClientHttpConnectorBuilder> meshReactorConnectorCustomizer(
			@Qualifier("meshConnectionProvider") ConnectionProvider connections,
			ObjectProvider<ReactorResourceFactory> resources) {
		return (builder) -> {
			ReactorResourceFactory own = resources.getIfUnique();
			return (own == null || own.isUseGlobalResources()) ? customize(builder, connections) : builder;
		};
	}

	static ConnectionProvider connections() {
		return ConnectionProvider.create("mesh", MAX_CONNECTIONS);
	}

	static ReactorClientHttpRequestFactoryBuilder customize(ReactorClientHttpRequestFactoryBuilder builder,
			ConnectionProvider connections) {
		return builder.withHttpClientFactory(() -> HttpClient.create(connections));
	}

	static ReactorClientHttpConnectorBuilder customize(ReactorClientHttpConnectorBuilder builder,
			ConnectionProvider connections) {
		return builder.withHttpClientFactory(() -> HttpClient.create(connections));
	}

}
