package io.redmesh.autoconfigure.webclient;

import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;

class ApacheWebClientTests extends ReactiveDriverContract {

	/**
	 * A cancelled body is only not read any more: its connections stay open until more of
	 * the answer comes.
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
