package io.redmesh.autoconfigure.webclient;

import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;

class ReactorWebClientTests extends ReactiveDriverContract {

	@Override
	ClientHttpConnectorBuilder<?> httpClient() {
		return ClientHttpConnectorBuilder.reactor();
	}

}
