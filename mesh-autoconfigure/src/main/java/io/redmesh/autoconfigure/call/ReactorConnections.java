package io.redmesh.autoconfigure.call;

import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;

/**
 * The connections of the mesh's clients on Reactor Netty, blocking and reactive ones. A
 * client opens as many as there are calls; Reactor Netty's 500 to an instance would be a
 * hidden limit.
 * <p>
 * Reactor Netty still repeats a request that it could not begin to send. That is
 * harmless: no instance has received the request, and another connection to the same
 * instance will do.
 * <p>
 * Safe for use by many threads.
 */
public final class ReactorConnections implements DisposableBean {

	/** More connections than there could be calls that wait for one. */
	private static final int MAX_CONNECTIONS = 10_000;

	private final ConnectionProvider provider = ConnectionProvider.create("mesh", MAX_CONNECTIONS);

	/**
	 * Makes a blocking client use these connections.
	 * @param builder the builder of the client
	 * @return a builder whose clients use them
	 */
	public ReactorClientHttpRequestFactoryBuilder use(ReactorClientHttpRequestFactoryBuilder builder) {
		return builder.withHttpClientFactory(() -> HttpClient.create(this.provider));
	}

	/**
	 * Makes a reactive client use these connections.
	 * @param builder the builder of the client
	 * @return a builder whose clients use them
	 */
	public ReactorClientHttpConnectorBuilder use(ReactorClientHttpConnectorBuilder builder) {
		return builder.withHttpClientFactory(() -> HttpClient.create(this.provider));
	}

	@Override
	public void destroy() {
		this.provider.dispose();
	}

}
