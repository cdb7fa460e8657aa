package io.redmesh.autoconfigure.webclient;

import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;

class JettyWebClientTests extends ReactiveDriverContract {

	/**
	 * A cancelled body is only not read any more: its connections stay open until the
	 * server ends the answer.
	 */
	@Override
	protected boolean closesWhatItDiscards() {
		return false;
	}

	@Override
	ClientHttpConnectorBuilder<?> httpClient() {
		return ClientHttpConnectorBuilder.jetty();
	}

}
