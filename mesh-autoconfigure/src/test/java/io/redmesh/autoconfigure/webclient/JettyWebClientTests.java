package io.redmesh.autoconfigure.webclient;

import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;

class JettyWebClientTests extends ReactiveDriverContract {

	/**
	 * Returns false: the client only stops reading a cancelled body. Its connection stays
	 * open until the server ends the response.
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
