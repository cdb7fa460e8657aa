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
 * A record of how Spring Boot made request factories. An app that makes a client with
 * Boot and then declares it {@code @LoadBalanced} has not chosen an HTTP client of its
 * own. So the mesh makes the client once more, with the same settings and tuned for
 * attempts. Existing clients are not changed.
 * <p>
 * Safe for use by many threads.
 */
final class BootRequestFactories implements BeanPostProcessor {

	private final Map<ClientHttpRequestFactory, Origin> origins = Collections.synchronizedMap(new WeakHashMap<>());

	private final Set<ClientHttpRequestFactory> byBoot = Collections
		.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

	private final ObjectProvider<ClientHttpRequestFactoryBuilder<?>> builders;

	private final ObjectProvider<HttpClientSettings> settings;

	/**
	 * Creates the record.
	 * @param builders the provider of Spring Boot's builder
	 * @param settings the provider of Spring Boot's settings
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
	 * Makes Spring Boot's builder record the request factories that it makes.
	 * @param <T> the type of the factories
	 * @param builder the builder
	 * @return a builder that records them, unless it would be of another kind
	 */
	<T extends ClientHttpRequestFactory> ClientHttpRequestFactoryBuilder<T> recording(
			ClientHttpRequestFactoryBuilder<T> builder) {
		ClientHttpRequestFactoryBuilder<T> recording = builder.withCustomizer(this.byBoot::add);
		return (recording.getClass() == builder.getClass()) ? recording : builder;
	}

	private ClientHttpRequestFactoryBuilder<?> remembering(ClientHttpRequestFactoryBuilder<?> builder) {
		return (settings) -> {
			ClientHttpRequestFactory factory = builder.build(settings);
			this.origins.put(factory,
					new Origin(builder, (settings != null) ? settings : HttpClientSettings.defaults()));
			return factory;
		};
	}

	/**
	 * Finds the builder and the settings with which Spring Boot has made a request
	 * factory.
	 * @param factory the factory
	 * @return its origin, or null if Spring Boot has not made it
	 */
	@Nullable Origin origin(ClientHttpRequestFactory factory) {
		return this.origins.get(factory);
	}

	/**
	 * The origin of a request factory.
	 *
	 * @param builder the builder that made it
	 * @param settings the settings that it was made with
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
			// A customizer of the app may have set another one.
			if (factory != null && BootRequestFactories.this.byBoot.contains(factory)) {
				ClientHttpRequestFactoryBuilder<?> origin = BootRequestFactories.this.builders.getObject();
				HttpClientSettings settings = BootRequestFactories.this.settings
					.getIfUnique(HttpClientSettings::defaults);
				BootRequestFactories.this.origins.put(factory, new Origin(origin, settings));
			}
			return configured;
		}

	}

}
