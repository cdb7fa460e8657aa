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
 * Puts the mesh into reactive clients, around the HTTP client that the app has chosen:
 * Spring Boot's settings and builder, or a connector of its own. What the mesh needs of
 * an HTTP client is set on clients of the mesh alone.
 * <p>
 * Safe for use by many threads.
 */
final class MeshConnectors {

	/** As for blocking clients. */
	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

	/** The clients of Spring's own tests, which stand for the network. */
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
	 * Creates the connectors.
	 * @param calls plans the calls, and gives up what takes too long
	 * @param forwarded the headers that say what the app has called
	 * @param transformers the app's own changes to the request of each attempt
	 * @param builders the app's builder of HTTP clients
	 * @param settings the app's settings of HTTP clients
	 * @param reactor the connections of clients on Reactor Netty
	 * @param resources the app's resources of Reactor Netty
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
	 * Makes a connector with settings of its own.
	 * @param settings the settings
	 * @return the connector
	 */
	MeshClientHttpConnector build(HttpClientSettings settings) {
		ClientHttpConnectorBuilder<?> builder = this.builders.getIfUnique(ClientHttpConnectorBuilder::detect);
		ClientHttpConnectorBuilder<?> tuned = tuned(builder);
		if (tuned == null) {
			return around(builder.build(settings));
		}
		HttpClientSettings ofAttempts = settings.withRedirects(HttpRedirects.DONT_FOLLOW)
			.withConnectTimeout((settings.connectTimeout() != null) ? settings.connectTimeout() : CONNECT_TIMEOUT);
		return new MeshClientHttpConnector(this.calls, this.timeouts, new Connectors(() -> tuned.build(ofAttempts),
				() -> builder.build(settings), this.forwarded, this.transformers),
				settings.redirects() != HttpRedirects.DONT_FOLLOW);
	}

	// Null for a kind that is not known.
	private @Nullable ClientHttpConnectorBuilder<?> tuned(ClientHttpConnectorBuilder<?> builder) {
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

	private MeshClientHttpConnector around(ClientHttpConnector own) {
		return new MeshClientHttpConnector(this.calls, this.timeouts,
				new Connectors(() -> own, () -> own, this.forwarded, this.transformers), false);
	}

	/**
	 * Puts the mesh into a client, around its own HTTP client if it has one.
	 * @param builder the builder of the client
	 * @param standard the connector that Spring Boot gives to all clients, or null
	 * @return the same builder
	 */
	WebClient.Builder into(WebClient.Builder builder, @Nullable ClientHttpConnector standard) {
		ClientHttpConnector own = HiddenTransport.of(builder, "connector", ClientHttpConnector.class);
		if (own == null || own == standard) {
			return builder.clientConnector(shared());
		}
		return (own instanceof MeshClientHttpConnector || own.getClass().getName().startsWith(TEST_CLIENTS)) ? builder
				: builder.clientConnector(around(own));
	}

	/**
	 * Finds the connector that Spring Boot gives to all clients. One that the app has
	 * made itself is kept below the mesh.
	 * @param beans the app's beans
	 * @return the connector, or null if there is none or it is the app's own
	 */
	static @Nullable ClientHttpConnector standard(ConfigurableListableBeanFactory beans) {
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
