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
 * Puts the mesh into blocking clients, around the HTTP client that the app has chosen:
 * Spring Boot's settings and builder, or a request factory of its own. What the mesh
 * needs of an HTTP client is set on clients of the mesh alone.
 * <p>
 * Safe for use by many threads.
 */
final class MeshRequestFactories implements DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(MeshRequestFactories.class);

	/**
	 * The connect timeout of attempts where the app sets none: a lost SYN is sent again
	 * after a second. Without one, a machine that has died holds each call for as long as
	 * the operating system likes, often minutes, before it can be sent elsewhere.
	 */
	static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

	/** The clients of Spring's own tests, which stand for the network. */
	private static final String TEST_CLIENTS = "org.springframework.test.";

	private final BlockingDriver driver;

	private final Exchanges exchanges;

	private final ObjectProvider<ClientHttpRequestFactoryBuilder<?>> builders;

	private final ObjectProvider<HttpClientSettings> settings;

	private final ObjectProvider<ReactorConnections> reactor;

	private final BootRequestFactories boot;

	private final SingletonSupplier<MeshClientHttpRequestFactory> shared = SingletonSupplier
		.of(() -> build(builder(), settings()));

	private final List<DisposableBean> made = new CopyOnWriteArrayList<>();

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Creates the factories.
	 * @param driver makes the calls
	 * @param exchanges makes the requests of attempts
	 * @param builders the app's builder of HTTP clients
	 * @param settings the app's settings of HTTP clients
	 * @param reactor the connections of clients on Reactor Netty
	 * @param boot knows how Spring Boot made request factories
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
	 * Returns what a builder of the app would make, with the mesh around it.
	 * @param builder the app's own builder, or null for Spring Boot's
	 * @return a builder
	 */
	ClientHttpRequestFactoryBuilder<MeshClientHttpRequestFactory> around(
			@Nullable ClientHttpRequestFactoryBuilder<?> builder) {
		return (settings) -> build((builder != null) ? builder : builder(), (settings != null) ? settings : settings());
	}

	private MeshClientHttpRequestFactory build(ClientHttpRequestFactoryBuilder<?> builder,
			HttpClientSettings settings) {
		ClientHttpRequestFactoryBuilder<?> tuned = tuned(builder);
		if (tuned == null) {
			return around(builder.build(settings));
		}
		HttpClientSettings ofAttempts = ofAttempts(settings, tuned instanceof JettyClientHttpRequestFactoryBuilder);
		HttpClients clients = new HttpClients(() -> made(tuned.build(ofAttempts)), () -> made(builder.build(settings)));
		return new MeshClientHttpRequestFactory(this.driver, this.exchanges, clients,
				settings.redirects() != HttpRedirects.DONT_FOLLOW);
	}

	private static HttpClientSettings ofAttempts(HttpClientSettings settings, boolean jetty) {
		HttpClientSettings ofAttempts = settings.withRedirects(HttpRedirects.DONT_FOLLOW)
			.withConnectTimeout((settings.connectTimeout() != null) ? settings.connectTimeout() : CONNECT_TIMEOUT);
		return (jetty && settings.readTimeout() == null) ? ofAttempts.withReadTimeout(JettyClient.NO_READ_TIMEOUT)
				: ofAttempts;
	}

	// Null for a kind that is not known.
	private @Nullable ClientHttpRequestFactoryBuilder<?> tuned(ClientHttpRequestFactoryBuilder<?> builder) {
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

	private ClientHttpRequestFactory made(ClientHttpRequestFactory factory) {
		if (factory instanceof DisposableBean disposable) {
			this.made.add(disposable);
		}
		return factory;
	}

	private MeshClientHttpRequestFactory around(ClientHttpRequestFactory own) {
		return new MeshClientHttpRequestFactory(this.driver, this.exchanges, new HttpClients(() -> own, () -> own),
				false);
	}

	/**
	 * Puts the mesh into a client, around its own HTTP client if it has one.
	 * @param builder the builder of the client
	 * @return the same builder
	 */
	RestClient.Builder into(RestClient.Builder builder) {
		ClientHttpRequestFactory own = HiddenTransport.of(builder, "requestFactory", ClientHttpRequestFactory.class);
		return builder.requestFactory(within(own, "A RestClient.Builder"));
	}

	/**
	 * Puts the mesh into a client, around its own HTTP client if it has one.
	 * @param client the client
	 */
	void into(RestTemplate client) {
		List<ClientHttpRequestInterceptor> interceptors = List.copyOf(client.getInterceptors());
		// With interceptors it hides what makes its requests.
		client.setInterceptors(List.of());
		client.setRequestFactory(within(client.getRequestFactory(), "A RestTemplate"));
		client.setInterceptors(interceptors);
	}

	private ClientHttpRequestFactory within(@Nullable ClientHttpRequestFactory own, String client) {
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
		return (origin != null) ? build(origin.builder(), origin.settings()) : around(own);
	}

	// It sends a POST a second time by itself when its connection breaks, and does not
	// end when its time is over.
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
		for (DisposableBean client : this.made) {
			client.destroy();
		}
	}

}
