package io.redmesh.autoconfigure.restclient;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;

class ApacheClientTests extends BlockingDriverContract {

	@Override
	ClientHttpRequestFactoryBuilder<?> httpClient() {
		return ClientHttpRequestFactoryBuilder.httpComponents();
	}

}
