package io.redmesh.autoconfigure.restclient;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

import io.redmesh.autoconfigure.call.HiddenTransport;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientBuilderConfigurer;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/**
 * Remembers how Spring Boot made request factories. An app that makes a client with Boot
 * and then declares it {@code @LoadBalanced} has not chosen an HTTP client of its own: so
 * the mesh makes it once more, with the same settings and fit for attempts. Clients
 * themselves are not changed.
 * <p>
 * Safe for use by many threads.
 */
final class BootRequestFactories implements BeanPostProcessor {

	private final Map<ClientHttpRequestFactory, Origin> made = Collections.synchronizedMap(new WeakHashMap<>());

	private final Set<ClientHttpRequestFactory> byBoot = Collections
		.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

	private final ObjectProvider<ClientHttpRequestFactoryBuilder<?>> builders;

	private final ObjectProvider<HttpClientSettings> settings;

	/**
	 * Creates it.
	 * @param builders Spring Boot's builder
	 * @param settings Spring Boot's settings
	 */
	BootRequestFactories(ObjectProvider<ClientHttpRequestFactoryBuilder<?>> builders,
			ObjectProvider<HttpClientSettings> settings) {
		this.builders = builders;
		this.settings = settings;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof RestTemplateBuilder builder && builder.requestFactoryBuilder() != null) {
			return builder.requestFactoryBuilder(remembering(builder.requestFactoryBuilder()));
		}
		return (bean.getClass() == RestClientBuilderConfigurer.class)
				? new Remembering((RestClientBuilderConfigurer) bean) : bean;
	}

	/**
	 * Lets Spring Boot's builder tell which request factories it makes.
	 * @param <T> the type of the factories
	 * @param builder the builder
	 * @return a builder that does, unless it would be of another kind
	 */
	<T extends ClientHttpRequestFactory> ClientHttpRequestFactoryBuilder<T> noticed(
			ClientHttpRequestFactoryBuilder<T> builder) {
		ClientHttpRequestFactoryBuilder<T> noticed = builder.withCustomizer(this.byBoot::add);
		return (noticed.getClass() == builder.getClass()) ? noticed : builder;
	}

	private ClientHttpRequestFactoryBuilder<?> remembering(ClientHttpRequestFactoryBuilder<?> builder) {
		return (settings) -> {
			ClientHttpRequestFactory factory = builder.build(settings);
			this.made.put(factory, new Origin(builder, (settings != null) ? settings : HttpClientSettings.defaults()));
			return factory;
		};
	}

	/**
	 * Finds how a request factory was made.
	 * @param factory the factory
	 * @return its origin, or null if Spring Boot has not made it
	 */
	@Nullable Origin origin(ClientHttpRequestFactory factory) {
		return this.made.get(factory);
	}

	/**
	 * How a request factory was made.
	 *
	 * @param builder by which builder
	 * @param settings with which settings
	 */
	record Origin(ClientHttpRequestFactoryBuilder<?> builder, HttpClientSettings settings) {

	}

	private final class Remembering extends RestClientBuilderConfigurer {

		private final RestClientBuilderConfigurer configurer;

		Remembering(RestClientBuilderConfigurer configurer) {
			this.configurer = configurer;
		}

		@Override
		public RestClient.Builder configure(RestClient.Builder builder) {
			RestClient.Builder configured = this.configurer.configure(builder);
			ClientHttpRequestFactory factory = HiddenTransport.of(configured, "requestFactory",
					ClientHttpRequestFactory.class);
			// A customizer of the app may have set another.
			if (factory != null && BootRequestFactories.this.byBoot.contains(factory)) {
				ClientHttpRequestFactoryBuilder<?> origin = BootRequestFactories.this.builders.getObject();
				HttpClientSettings settings = BootRequestFactories.this.settings
					.getIfUnique(HttpClientSettings::defaults);
				BootRequestFactories.this.made.put(factory, new Origin(origin, settings));
			}
			return configured;
		}

	}

}
