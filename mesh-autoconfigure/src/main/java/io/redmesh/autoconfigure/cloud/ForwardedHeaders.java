package io.redmesh.autoconfigure.cloud;

import java.net.URI;

import org.jspecify.annotations.Nullable;

import org.springframework.cloud.client.loadbalancer.LoadBalancerClientsProperties;
import org.springframework.cloud.client.loadbalancer.LoadBalancerProperties;
import org.springframework.http.HttpHeaders;

/**
 * The headers {@code X-Forwarded-Host} and {@code X-Forwarded-Proto} that tell an
 * instance what the app has called, where Spring Cloud's property
 * {@code spring.cloud.loadbalancer.x-forwarded.enabled} asks for them.
 * <p>
 * Safe for use by many threads.
 */
public final class ForwardedHeaders {

	private final @Nullable LoadBalancerClientsProperties properties;

	/**
	 * Creates them.
	 * @param properties Spring Cloud's properties, or null if there are none
	 */
	public ForwardedHeaders(@Nullable LoadBalancerClientsProperties properties) {
		this.properties = properties;
	}

	/**
	 * Adds them to an attempt if they are asked for.
	 * @param headers the headers of the attempt
	 * @param service the service that is called
	 * @param uri the URI as the app wrote it
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
