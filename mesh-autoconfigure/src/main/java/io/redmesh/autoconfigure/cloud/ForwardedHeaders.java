package io.redmesh.autoconfigure.cloud;

import java.net.URI;

import org.jspecify.annotations.Nullable;

import org.springframework.cloud.client.loadbalancer.LoadBalancerClientsProperties;
import org.springframework.cloud.client.loadbalancer.LoadBalancerProperties;
import org.springframework.http.HttpHeaders;

/**
 * The headers {@code X-Forwarded-Host} and {@code X-Forwarded-Proto}, which tell an
 * instance the URI that the app has called. They are sent where Spring Cloud's property
 * {@code spring.cloud.loadbalancer.x-forwarded.enabled} asks for them.
 * <p>
 * Safe for use by many threads.
 */
public final class ForwardedHeaders {

	private final @Nullable LoadBalancerClientsProperties properties;

	/**
	 * Creates the headers.
	 * @param properties Spring Cloud's properties, or null if there are none
	 */
	public ForwardedHeaders(@Nullable LoadBalancerClientsProperties properties) {
		this.properties = properties;
	}

	/**
	 * Adds the headers to an attempt if the properties of the service ask for them.
	 * @param headers the headers of the attempt
	 * @param service the service that is called
	 * @param uri the URI of the request, as the app wrote it
	 */
	public void addTo(HttpHeaders headers, String service, URI uri) {
		if (this.properties == null) {
			return;
		}
		LoadBalancerProperties own = this.properties.getClients().get(service);
		if (((own != null) ? own : this.properties).getXForwarded().isEnabled()) {
			headers.set("X-Forwarded-Host", uri.getRawAuthority());
			headers.set("X-Forwarded-Proto", uri.getScheme());
		}
	}

}
