package io.redmesh.autoconfigure.restclient;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import io.redmesh.autoconfigure.call.HiddenTransport;
import io.redmesh.autoconfigure.call.ReactorConnections;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JettyClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.SimpleClientHttpRequestFactoryBuilder;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

/**
 * The factory of the mesh's transports for blocking clients. Each wraps the HTTP client
 * that the app has chosen: Spring Boot's settings and builder, or a request factory of
 * its own. The mesh changes settings only on HTTP clients that it makes itself.
 * <p>
 * Safe for use by many threads.
 */
final class MeshRequestFactories implements DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(MeshRequestFactories.class);

	/**
	 * The connect timeout of attempts where the app sets none: a lost SYN is sent again
	 * after a second. Without a timeout, a machine that has died holds each call for as
	 * long as the operating system likes, often minutes, before it can be sent elsewhere.
	 */
	static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

	/** The package of the clients of Spring's own tests, which stand for the network. */
	private static final String TEST_CLIENTS = "org.springframework.test.";

	private final BlockingDriver driver;

	private final Exchanges exchanges;

	private final ObjectProvider<ClientHttpRequestFactoryBuilder<?>> builders;

	private final ObjectProvider<HttpClientSettings> settings;

	private final ObjectProvider<ReactorConnections> reactor;

	private final BootRequestFactories boot;

	private final SingletonSupplier<MeshClientHttpRequestFactory> shared = SingletonSupplier
		.of(() -> build(builder(), settings()));

	private final List<DisposableBean> disposables = new CopyOnWriteArrayList<>();

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Creates the factory of transports.
	 * @param driver the driver, which makes the calls
	 * @param exchanges the factory of the attempts' requests
	 * @param builders the provider of the app's builder of HTTP clients
	 * @param settings the provider of the app's settings of HTTP clients
	 * @param reactor the connections of clients on Reactor Netty
	 * @param boot the record of how Spring Boot made request factories
	 */
	MeshRequestFactories(BlockingDriver driver, Exchanges exchanges,
			ObjectProvider<ClientHttpRequestFactoryBuilder<?>> builders, ObjectProvider<HttpClientSettings> settings,
			ObjectProvider<ReactorConnections> reactor, BootRequestFactories boot) {
		this.driver = driver;
		this.exchanges = exchanges;
		this.builders = builders;
		this.settings = settings;
		this.reactor = reactor;
		this.boot = boot;
	}

	/**
	 * Returns the request factory of all clients that have no HTTP client of their own.
	 * @return the factory
	 */
	MeshClientHttpRequestFactory shared() {
		return this.shared.obtain();
	}

	/**
	 * Wraps a builder of the app, so that all that it makes goes through the mesh.
	 * @param builder the app's own builder, or null for Spring Boot's
	 * @return a builder
	 */
	ClientHttpRequestFactoryBuilder<MeshClientHttpRequestFactory> wrap(
			@Nullable ClientHttpRequestFactoryBuilder<?> builder) {
		return (settings) -> build((builder != null) ? builder : builder(), (settings != null) ? settings : settings());
	}

	private MeshClientHttpRequestFactory build(ClientHttpRequestFactoryBuilder<?> builder,
			HttpClientSettings settings) {
		ClientHttpRequestFactoryBuilder<?> tuned = tune(builder);
		if (tuned == null) {
			return wrap(builder.build(settings));
		}
		HttpClientSettings attemptSettings = attemptSettings(settings,
				tuned instanceof JettyClientHttpRequestFactoryBuilder);
		HttpClients clients = new HttpClients(() -> register(tuned.build(attemptSettings)),
				() -> register(builder.build(settings)));
		return new MeshClientHttpRequestFactory(this.driver, this.exchanges, clients,
				settings.redirects() != HttpRedirects.DONT_FOLLOW);
	}

	private static HttpClientSettings attemptSettings(HttpClientSettings settings, boolean jetty) {
		HttpClientSettings attemptSettings = settings.withRedirects(HttpRedirects.DONT_FOLLOW)
			.withConnectTimeout((settings.connectTimeout() != null) ? settings.connectTimeout() : CONNECT_TIMEOUT);
		return (jetty && settings.readTimeout() == null) ? attemptSettings.withReadTimeout(JettyClient.NO_READ_TIMEOUT)
				: attemptSettings;
	}

	// Returns null for a kind of client that the mesh does not know.
	private @Nullable ClientHttpRequestFactoryBuilder<?> tune(ClientHttpRequestFactoryBuilder<?> builder) {
		if (builder instanceof HttpComponentsClientHttpRequestFactoryBuilder apache) {
			return ApacheClient.tune(apache);
		}
		if (builder instanceof JettyClientHttpRequestFactoryBuilder jetty) {
			return JettyClient.tune(jetty);
		}
		if (builder instanceof ReactorClientHttpRequestFactoryBuilder netty) {
			return this.reactor.getObject().use(netty);
		}
		if (builder instanceof SimpleClientHttpRequestFactoryBuilder) {
			warnOfSimple("'spring.http.clients.imperative.factory'");
			return ClientHttpRequestFactoryBuilder.jdk();
		}
		return (builder instanceof JdkClientHttpRequestFactoryBuilder) ? builder : null;
	}

	private ClientHttpRequestFactory register(ClientHttpRequestFactory factory) {
		if (factory instanceof DisposableBean disposable) {
			this.disposables.add(disposable);
		}
		return factory;
	}

	private MeshClientHttpRequestFactory wrap(ClientHttpRequestFactory own) {
		return new MeshClientHttpRequestFactory(this.driver, this.exchanges, new HttpClients(() -> own, () -> own),
				false);
	}

	/**
	 * Installs the mesh in a client, around the client's own HTTP client if it has one.
	 * @param builder the builder of the client
	 * @return the same builder
	 */
	RestClient.Builder install(RestClient.Builder builder) {
		ClientHttpRequestFactory own = HiddenTransport.of(builder, "requestFactory", ClientHttpRequestFactory.class);
		return builder.requestFactory(transport(own, "A RestClient.Builder"));
	}

	/**
	 * Installs the mesh in a client, around the client's own HTTP client if it has one.
	 * @param client the client
	 */
	void install(RestTemplate client) {
		List<ClientHttpRequestInterceptor> interceptors = List.copyOf(client.getInterceptors());
		// With interceptors, a RestTemplate hides its own request factory.
		client.setInterceptors(List.of());
		client.setRequestFactory(transport(client.getRequestFactory(), "A RestTemplate"));
		client.setInterceptors(interceptors);
	}

	private ClientHttpRequestFactory transport(@Nullable ClientHttpRequestFactory own, String client) {
		if (own == null) {
			return shared();
		}
		if (own instanceof MeshClientHttpRequestFactory || own.getClass().getName().startsWith(TEST_CLIENTS)) {
			return own;
		}
		if (own instanceof SimpleClientHttpRequestFactory) {
			warnOfSimple(client);
			return shared();
		}
		BootRequestFactories.Origin origin = this.boot.origin(own);
		return (origin != null) ? build(origin.builder(), origin.settings()) : wrap(own);
	}

	// HttpURLConnection sends a POST a second time by itself when its connection breaks,
	// and does not end when its timeout is over.
	private void warnOfSimple(String client) {
		if (this.warned.compareAndSet(false, true)) {
			logger.warn("{} of the mesh is built on HttpURLConnection ('simple'), which repeats requests by itself "
					+ "and cannot be cancelled: another HTTP client is used instead, and its own timeouts and proxy "
					+ "are not taken over. Set 'spring.http.clients.imperative.factory' to jdk, http-components, jetty "
					+ "or reactor, or give it a request factory, as in "
					+ "'new RestTemplate(new JdkClientHttpRequestFactory())'", client);
		}
	}

	private ClientHttpRequestFactoryBuilder<?> builder() {
		ClientHttpRequestFactoryBuilder<?> own = this.builders.getIfUnique();
		if (own != null) {
			return own;
		}
		ClientHttpRequestFactoryBuilder<?> detected = ClientHttpRequestFactoryBuilder.detect();
		return (detected instanceof SimpleClientHttpRequestFactoryBuilder) ? ClientHttpRequestFactoryBuilder.jdk()
				: detected;
	}

	private HttpClientSettings settings() {
		return this.settings.getIfUnique(HttpClientSettings::defaults);
	}

	@Override
	public void destroy() throws Exception {
		for (DisposableBean client : this.disposables) {
			client.destroy();
		}
	}

}
