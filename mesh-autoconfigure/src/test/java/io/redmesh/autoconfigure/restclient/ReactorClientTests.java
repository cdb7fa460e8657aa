package io.redmesh.autoconfigure.restclient;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;

class ReactorClientTests extends BlockingDriverContract {

	@Override
	ClientHttpRequestFactoryBuilder<?> httpClient() {
		return ClientHttpRequestFactoryBuilder.reactor();
	}

}
