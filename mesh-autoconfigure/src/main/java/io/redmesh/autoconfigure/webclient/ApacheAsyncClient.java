package io.redmesh.autoconfigure.webclient;

import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;

import org.springframework.boot.http.client.reactive.HttpComponentsClientHttpConnectorBuilder;

/**
 * Apache's asynchronous HTTP client, tuned for attempts: it retries nothing by itself,
 * and opens as many connections as there are calls.
 */
final class ApacheAsyncClient {

	/** More connections than there could be calls that wait for one. */
	private static final int MAX_CONNECTIONS = 10_000;

	private ApacheAsyncClient() {
	}

	static HttpComponentsClientHttpConnectorBuilder tune(HttpComponentsClientHttpConnectorBuilder builder) {
		return builder
			.withConnectionManagerCustomizer(
					(pool) -> pool.setMaxConnPerRoute(MAX_CONNECTIONS).setMaxConnTotal(MAX_CONNECTIONS))
			.withHttpClientCustomizer(HttpAsyncClientBuilder::disableAutomaticRetries);
	}

}
