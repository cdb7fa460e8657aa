package io.redmesh.autoconfigure.webclient;

import java.net.URI;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.HttpClientProperties;
import org.springframework.boot.http.client.autoconfigure.HttpClientSettingsPropertyMapper;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.cloud.client.loadbalancer.LoadBalancerUriTools;
import org.springframework.cloud.client.loadbalancer.reactive.DeferringLoadBalancerExchangeFilterFunction;
import org.springframework.cloud.client.loadbalancer.reactive.LoadBalancedExchangeFilterFunction;
import org.springframework.cloud.client.loadbalancer.reactive.LoadBalancerWebClientHttpServiceGroupConfigurer;
import org.springframework.core.Ordered;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.support.WebClientHttpServiceGroupConfigurer;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * The configurer that installs the mesh in HTTP service groups on WebClient. A group
 * without a base URL calls the service of its name, as in Spring Cloud. A group with a
 * base URL of {@code http://} or {@code lb://} and a service calls that service.
 */
final class MeshWebClientGroups extends LoadBalancerWebClientHttpServiceGroupConfigurer {

	private final HttpServiceClientProperties properties;

	private final MeshConnectors connectors;

	MeshWebClientGroups(
			ObjectProvider<DeferringLoadBalancerExchangeFilterFunction<LoadBalancedExchangeFilterFunction>> filter,
			HttpServiceClientProperties properties, MeshConnectors connectors) {
		super(filter, properties);
		this.properties = properties;
		this.connectors = connectors;
	}

	@Override
	public void configureGroups(Groups<WebClient.Builder> groups) {
		groups.forEachClient((group, builder) -> {
			HttpClientProperties own = this.properties.get(group.name());
			String baseUrl = (own != null) ? own.getBaseUrl() : null;
			if (baseUrl == null) {
				builder.baseUrl(LoadBalancerUriTools.constructInterfaceClientsBaseUrl(group.name()).toString());
			}
			else if ("lb".equalsIgnoreCase(URI.create(baseUrl).getScheme())) {
				builder.baseUrl(UriComponentsBuilder.fromUriString(baseUrl).scheme("http").build().toUriString());
			}
			this.connectors.install(builder, null);
		});
	}

	/**
	 * The transports of the groups, each with its own settings. This configurer runs just
	 * after Spring Boot's and before the app's, which may replace the transports.
	 */
	static final class Transports implements WebClientHttpServiceGroupConfigurer {

		private final MeshConnectors connectors;

		private final HttpServiceClientProperties properties;

		private final HttpClientSettingsPropertyMapper settings;

		Transports(MeshConnectors connectors, HttpServiceClientProperties properties, @Nullable SslBundles bundles,
				@Nullable HttpClientSettings settings) {
			this.connectors = connectors;
			this.properties = properties;
			this.settings = new HttpClientSettingsPropertyMapper(bundles, settings);
		}

		@Override
		public int getOrder() {
			return Ordered.HIGHEST_PRECEDENCE + 11;
		}

		@Override
		public void configureGroups(Groups<WebClient.Builder> groups) {
			groups.forEachClient((group, builder) -> builder
				.clientConnector(this.connectors.build(this.settings.map(this.properties.get(group.name())))));
		}

	}

}
