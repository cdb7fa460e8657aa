package io.redmesh.autoconfigure.call;

import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;

/**
 * The connections of the mesh's clients on Reactor Netty, blocking and reactive ones. A
 * client opens as many as there are calls, where 500 to an instance would be a hidden
 * limit. That Reactor Netty sends a request again when it could not begin to send it
 * stays: no instance has got it then, and another connection to the same one will do.
 * <p>
 * Safe for use by many threads.
 */
public final class ReactorConnections implements DisposableBean {

	/** More than calls that could wait for them. */
	private static final int MAX_CONNECTIONS = 10_000;

	private final ConnectionProvider provider = ConnectionProvider.create("mesh", MAX_CONNECTIONS);

	/**
	 * Lets a blocking client take its connections from here.
	 * @param builder the builder of the client
	 * @return a builder that does
	 */
	public ReactorClientHttpRequestFactoryBuilder use(ReactorClientHttpRequestFactoryBuilder builder) {
		return builder.withHttpClientFactory(() -> HttpClient.create(this.provider));
	}

	/**
	 * Lets a reactive client take its connections from here.
	 * @param builder the builder of the client
	 * @return a builder that does
	 */
	public ReactorClientHttpConnectorBuilder use(ReactorClientHttpConnectorBuilder builder) {
		return builder.withHttpClientFactory(() -> HttpClient.create(this.provider));
	}

	@Override
	public void destroy() {
		this.provider.dispose();
	}

}
