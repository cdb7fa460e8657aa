package io.redmesh.autoconfigure.call;

import reactor.netty.resources.ConnectionProvider;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;

/** Reactor Netty's client as the mesh makes it, for tests of the drivers. */
public final class ReactorClients {

	private static final ConnectionProvider connections = ReactorClientConfiguration.connections();

	private ReactorClients() {
	}

	public static ReactorClientHttpRequestFactoryBuilder blocking() {
		return ReactorClientConfiguration.customize(ClientHttpRequestFactoryBuilder.reactor(), connections);
	}

	public static ReactorClientHttpConnectorBuilder reactive() {
		return ReactorClientConfiguration.customize(ClientHttpConnectorBuilder.reactor(), connections);
	}

}
