package io.redmesh.autoconfigure.webclient;

import java.time.Duration;
import java.util.List;

import io.redmesh.autoconfigure.call.HiddenTransport;
import io.redmesh.autoconfigure.call.HttpCalls;
import io.redmesh.autoconfigure.call.ReactorConnections;
import io.redmesh.autoconfigure.cloud.ForwardedHeaders;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.HttpComponentsClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JdkClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JettyClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.cloud.client.loadbalancer.reactive.LoadBalancerClientRequestTransformer;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * The factory of the mesh's transports for reactive clients. Each wraps the HTTP client
 * that the app has chosen: Spring Boot's settings and builder, or a connector of its own.
 * The mesh changes settings only on HTTP clients that it makes itself.
 * <p>
 * Safe for use by many threads.
 */
final class MeshConnectors {

	/** The connect timeout where the app sets none, as for blocking clients. */
	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

	/** The package of the clients of Spring's own tests, which stand for the network. */
	private static final String TEST_CLIENTS = "org.springframework.test.";

	private static final String BOOT_CONNECTOR = "clientHttpConnector";

	private final HttpCalls calls;

	private final AttemptTimeouts timeouts;

	private final ForwardedHeaders forwarded;

	private final List<LoadBalancerClientRequestTransformer> transformers;

	private final ObjectProvider<ClientHttpConnectorBuilder<?>> builders;

	private final ObjectProvider<HttpClientSettings> settings;

	private final ObjectProvider<ReactorConnections> reactor;

	private final ObjectProvider<ReactorResourceFactory> resources;

	private final SingletonSupplier<MeshClientHttpConnector> shared = SingletonSupplier.of(() -> build(settings()));

	/**
	 * Creates the factory of transports.
	 * @param calls the factory of the calls, and the timeouts of their attempts
	 * @param forwarded the headers that name the URI that the app has called
	 * @param transformers the app's own changes to the request of each attempt
	 * @param builders the provider of the app's builder of HTTP clients
	 * @param settings the provider of the app's settings of HTTP clients
	 * @param reactor the connections of clients on Reactor Netty
	 * @param resources the provider of the app's resources of Reactor Netty
	 */
	MeshConnectors(ReactiveCalls calls, ForwardedHeaders forwarded,
			List<LoadBalancerClientRequestTransformer> transformers,
			ObjectProvider<ClientHttpConnectorBuilder<?>> builders, ObjectProvider<HttpClientSettings> settings,
			ObjectProvider<ReactorConnections> reactor, ObjectProvider<ReactorResourceFactory> resources) {
		this.calls = calls.calls();
		this.timeouts = calls.timeouts();
		this.forwarded = forwarded;
		this.transformers = transformers;
		this.builders = builders;
		this.settings = settings;
		this.reactor = reactor;
		this.resources = resources;
	}

	/**
	 * Returns the connector of all clients that have no HTTP client of their own.
	 * @return the connector
	 */
	MeshClientHttpConnector shared() {
		return this.shared.obtain();
	}

	/**
	 * Creates a connector with settings of its own.
	 * @param settings the settings
	 * @return the connector
	 */
	MeshClientHttpConnector build(HttpClientSettings settings) {
		ClientHttpConnectorBuilder<?> builder = this.builders.getIfUnique(ClientHttpConnectorBuilder::detect);
		ClientHttpConnectorBuilder<?> tuned = tune(builder);
		if (tuned == null) {
			return wrap(builder.build(settings));
		}
		HttpClientSettings attemptSettings = settings.withRedirects(HttpRedirects.DONT_FOLLOW)
			.withConnectTimeout((settings.connectTimeout() != null) ? settings.connectTimeout() : CONNECT_TIMEOUT);
		return new MeshClientHttpConnector(
				this.calls, this.timeouts, new Connectors(() -> tuned.build(attemptSettings),
						() -> builder.build(settings), this.forwarded, this.transformers),
				settings.redirects() != HttpRedirects.DONT_FOLLOW);
	}

	// Returns null for a kind of client that the mesh does not know.
	private @Nullable ClientHttpConnectorBuilder<?> tune(ClientHttpConnectorBuilder<?> builder) {
		if (builder instanceof ReactorClientHttpConnectorBuilder netty) {
			ReactorResourceFactory own = this.resources.getIfUnique();
			// Connections that the app has made itself have the limits that it wants.
			return (own == null || own.isUseGlobalResources()) ? this.reactor.getObject().use(netty) : netty;
		}
		if (builder instanceof HttpComponentsClientHttpConnectorBuilder apache) {
			return ApacheAsyncClient.tune(apache);
		}
		return (builder instanceof JdkClientHttpConnectorBuilder || builder instanceof JettyClientHttpConnectorBuilder)
				? builder : null;
	}

	private MeshClientHttpConnector wrap(ClientHttpConnector own) {
		return new MeshClientHttpConnector(this.calls, this.timeouts,
				new Connectors(() -> own, () -> own, this.forwarded, this.transformers), false);
	}

	/**
	 * Installs the mesh in a client, around the client's own HTTP client if it has one.
	 * @param builder the builder of the client
	 * @param bootConnector the connector that Spring Boot gives to all clients, or null
	 * @return the same builder
	 */
	WebClient.Builder install(WebClient.Builder builder, @Nullable ClientHttpConnector bootConnector) {
		ClientHttpConnector own = HiddenTransport.of(builder, "connector", ClientHttpConnector.class);
		if (own == null || own == bootConnector) {
			return builder.clientConnector(shared());
		}
		return (own instanceof MeshClientHttpConnector || own.getClass().getName().startsWith(TEST_CLIENTS)) ? builder
				: builder.clientConnector(wrap(own));
	}

	/**
	 * Finds the connector that Spring Boot gives to all clients. A connector that the app
	 * has made itself is kept below the mesh.
	 * @param beans the app's beans
	 * @return the connector, or null if there is none or it is the app's own
	 */
	static @Nullable ClientHttpConnector bootConnector(ConfigurableListableBeanFactory beans) {
		if (!beans.containsBeanDefinition(BOOT_CONNECTOR)) {
			return null;
		}
		String maker = beans.getBeanDefinition(BOOT_CONNECTOR).getFactoryBeanName();
		return ReactiveHttpClientAutoConfiguration.class.getName().equals(maker)
				? beans.getBean(BOOT_CONNECTOR, ClientHttpConnector.class) : null;
	}

	private HttpClientSettings settings() {
		return this.settings.getIfUnique(HttpClientSettings::defaults);
	}

}
