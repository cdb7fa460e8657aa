package io.redmesh.autoconfigure.webclient;

import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;

class ApacheWebClientTests extends ReactiveDriverContract {

	/**
	 * Returns false: the client only stops reading a cancelled body. Its connection stays
	 * open until more of the response comes.
	 */
	@Override
	protected boolean closesWhatItDiscards() {
		return false;
	}

	@Override
	ClientHttpConnectorBuilder<?> httpClient() {
		return ClientHttpConnectorBuilder.httpComponents();
	}

}
