package io.redmesh.autoconfigure.restclient;

import java.net.URI;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.HttpClientProperties;
import org.springframework.boot.http.client.autoconfigure.HttpClientSettingsPropertyMapper;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.cloud.client.loadbalancer.DeferringLoadBalancerInterceptor;
import org.springframework.cloud.client.loadbalancer.LoadBalancerRestClientHttpServiceGroupConfigurer;
import org.springframework.cloud.client.loadbalancer.LoadBalancerUriTools;
import org.springframework.core.Ordered;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientHttpServiceGroupConfigurer;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * The configurer that installs the mesh in HTTP service groups on RestClient. A group
 * without a base URL calls the service of its name, as in Spring Cloud. A group with a
 * base URL of {@code http://} or {@code lb://} and a service calls that service.
 */
final class MeshRestClientGroups extends LoadBalancerRestClientHttpServiceGroupConfigurer {

	private final HttpServiceClientProperties properties;

	private final MeshRequestFactories factories;

	MeshRestClientGroups(ObjectProvider<DeferringLoadBalancerInterceptor> interceptor,
			HttpServiceClientProperties properties, MeshRequestFactories factories) {
		super(interceptor, properties);
		this.properties = properties;
		this.factories = factories;
	}

	@Override
	public void configureGroups(Groups<RestClient.Builder> groups) {
		groups.forEachClient((group, builder) -> {
			HttpClientProperties own = this.properties.get(group.name());
			String baseUrl = (own != null) ? own.getBaseUrl() : null;
			if (baseUrl == null) {
				builder.baseUrl(LoadBalancerUriTools.constructInterfaceClientsBaseUrl(group.name()));
			}
			else if ("lb".equalsIgnoreCase(URI.create(baseUrl).getScheme())) {
				builder.baseUrl(UriComponentsBuilder.fromUriString(baseUrl).scheme("http").build().toUri());
			}
			this.factories.install(builder);
		});
	}

	/**
	 * The transports of the groups, each with its own settings. They are set just after
	 * Spring Boot's configurer, so that the app's configurers find them set.
	 */
	static final class Transports implements RestClientHttpServiceGroupConfigurer {

		private final MeshRequestFactories factories;

		private final HttpServiceClientProperties properties;

		private final HttpClientSettingsPropertyMapper settings;

		Transports(MeshRequestFactories factories, HttpServiceClientProperties properties, @Nullable SslBundles bundles,
				@Nullable HttpClientSettings settings) {
			this.factories = factories;
			this.properties = properties;
			this.settings = new HttpClientSettingsPropertyMapper(bundles, settings);
		}

		@Override
		public int getOrder() {
			return Ordered.HIGHEST_PRECEDENCE + 11;
		}

		@Override
		public void configureGroups(Groups<RestClient.Builder> groups) {
			groups.forEachClient((group, builder) -> builder
				.requestFactory(this.factories.wrap(null).build(this.settings.map(this.properties.get(group.name())))));
		}

	}

}
